"""Records when someone else got, or may have got, access to a person's account.

Whoever makes a password link for another person may use it themselves. So from then on, pages no longer show
what only this person was promised to see: the answers that they gave before in an open round
(`coalitions.queries.let_in_at`). The answers stay and count. Everything that gives access and is made for
someone else calls `let_in` when it opens the account, not when it is made: until then no one used it, and
what the person answers in between has to be hidden, too. A link that the person requested by mail is their
own.
"""

from engage import clock
from engage.accounts.models import PasswordLink, ProviderTie, User
from engage.accounts.rules import is_own_way


def let_in(user: User) -> None:
    """Records that someone else may use this account from now on."""
    user.let_in_at = clock.now()


def is_own(link: PasswordLink, user: User) -> bool:
    """Returns whether the person made this password link or requested it by mail."""
    return is_own_way(user.id, link.made_by_id, is_mailed=bool(link.nonce), mail_is_own=user.mail_is_own)


def let_in_by(link: PasswordLink, user: User) -> None:
    """Records that someone else may use the account once this password link is used, unless it is the person's own."""
    if not is_own(link, user):
        let_in(user)


def let_in_by_mail(user: User) -> None:
    """Records that someone else may use the account once a mailed link signs in, if mail may reach someone else."""
    if not user.mail_is_own:
        let_in(user)


def address_changed(user: User) -> None:
    """Records a new address: if someone else got access before, it may be theirs, and mail to it proves nothing."""
    if user.let_in_at is not None:
        user.mail_is_own = False


def tie_is_own(user: User) -> bool:
    """Returns whether an account of a provider that is tied now is surely the person's own."""
    return user.let_in_at is None


def let_in_by_provider(tie: ProviderTie) -> None:
    """Records that someone else may use the account with a provider's account, unless it is surely the person's own."""
    if not tie.is_own:
        let_in(tie.user)
