"""Words of the answer to a request to join a group."""

from flask_babel import gettext as _


def ask_answered_words(group: str, *, is_welcome: bool) -> str:
    """Returns the answer in the words that the person who asked reads."""
    if is_welcome:
        return _("Welcome to %(group)s: you are in the group now.", group=group)
    return _("Thank you for asking to join %(group)s. The answer is: not now.", group=group)
