"""Returns the texts of the notices of an account, for its page and for mails, and names a browser."""

from engage.accounts.models import Notice
from engage.accounts.rules import NoticeKind
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l

NOTICE_LABELS = {
    NoticeKind.NEW_SIGN_IN: _l("Someone signed in to your account with a new browser."),
    NoticeKind.PASSWORD: _l("Your password was changed."),
    NoticeKind.PASSWORD_REMOVED: _l("Your password was removed. You sign in by a link in an e-mail."),
    NoticeKind.PASSWORD_LINK: _l(
        "A coordinator or the person who runs this site made a one-time link for choosing a "
        "new password for your account."
    ),
    NoticeKind.EMAIL: _l("The address you sign in with was changed."),
    NoticeKind.PROVIDER_TIED: _l(
        "An account that you have elsewhere, such as with Google, was connected to your account. It can now be "
        "used to sign in. If it was not you, disconnect it on your account’s page."
    ),
    NoticeKind.PROVIDER_UNTIED: _l(
        "An account that you have elsewhere, such as with Google, was disconnected from your account."
    ),
    NoticeKind.SECOND_FACTOR_ON: _l("Two-step sign-in was turned on for your account."),
    NoticeKind.SECOND_FACTOR_OFF: _l("Two-step sign-in was turned off for your account."),
    NoticeKind.RECOVERY_CODES: _l("New recovery codes were made. The earlier ones no longer work."),
    NoticeKind.RECOVERY_CODE_USED: _l("Someone signed in with one of your recovery codes."),
    NoticeKind.PASSKEY_ADDED: _l("A passkey was added to your account."),
    NoticeKind.PASSKEY_REMOVED: _l("A passkey was removed from your account."),
    NoticeKind.LINK_FOR_SOMEONE: _l(
        "The person who runs this site made a one-time link for choosing a new password for %(name)s, who is in "
        "your coalition. Check with them that they asked for it."
    ),
    NoticeKind.SECOND_FACTOR_OFF_FOR_SOMEONE: _l(
        "The person who runs this site turned off two-step sign-in for %(name)s, who is in your coalition. "
        "Check with them that they asked for it."
    ),
    NoticeKind.COORDINATOR_LINK: _l(
        "Your coalition has no coordinator who can sign in. The person who runs this site made a link for a "
        "new coordinator. Ask the other members who that will be."
    ),
}


def notice_words(notice: Notice) -> str:
    words = str(NOTICE_LABELS[notice.kind])
    return words % {"name": notice.about.name} if notice.about is not None else words


def browser_words(browser: str, system: str) -> str:
    """Returns a text such as "Firefox on Windows"; empty if neither is known."""
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system
