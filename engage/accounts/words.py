"""Puts what happened to an account into words, for its page and for mails."""

from flask_babel import lazy_gettext as _l

from engage.accounts.rules import NoticeKind

NOTICE_WORDS = {
    NoticeKind.NEW_SIGN_IN: _l("Somebody signed in to your account with a browser that was not seen before."),
    NoticeKind.PASSWORD: _l("Your password was changed."),
    NoticeKind.PASSWORD_LINK: _l(
        "A one-time link was made with which a new password can be chosen for your account, by a coordinator of yours,"
        " or the person who runs this site."
    ),
    NoticeKind.EMAIL: _l("The address with which you sign in was changed."),
    NoticeKind.SECOND_FACTOR_ON: _l("A second factor was set up for your account."),
    NoticeKind.SECOND_FACTOR_OFF: _l("The second factor of your account was turned off."),
    NoticeKind.RECOVERY_CODES: _l("New recovery codes were made; the earlier ones have stopped working."),
    NoticeKind.RECOVERY_CODE_USED: _l("Somebody signed in with one of your recovery codes."),
}
