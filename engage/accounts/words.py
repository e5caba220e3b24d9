"""Words the notices of an account, for its page and for mails, and names a browser."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.rules import NoticeKind

NOTICE_WORDS = {
    NoticeKind.NEW_SIGN_IN: _l("Someone signed in to your account with a new browser."),
    NoticeKind.PASSWORD: _l("Your password was changed."),
    NoticeKind.PASSWORD_LINK: _l(
        "A coordinator or the person who runs this site made a one-time link for choosing a "
        "new password for your account."
    ),
    NoticeKind.EMAIL: _l("The address you sign in with was changed."),
    NoticeKind.SECOND_FACTOR_ON: _l("Two-step sign-in was turned on for your account."),
    NoticeKind.SECOND_FACTOR_OFF: _l("Two-step sign-in was turned off for your account."),
    NoticeKind.RECOVERY_CODES: _l("New recovery codes were made. The earlier ones no longer work."),
    NoticeKind.RECOVERY_CODE_USED: _l("Someone signed in with one of your recovery codes."),
}


def browser_words(browser: str, system: str) -> str:
    """Returns words such as "Firefox on Windows"; empty if neither is known."""
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system
