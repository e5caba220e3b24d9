"""Puts the answer to a request to join a group into words."""

from engage.i18n import gettext as _


def ask_answered_words(group: str, *, is_welcome: bool) -> str:
    """Returns a sentence that tells the person who asked whether the group accepted them."""
    if is_welcome:
        return _("Welcome to %(group)s: you are in the group now.", group=group)
    return _("Thank you for asking to join %(group)s. The answer is: not now.", group=group)
