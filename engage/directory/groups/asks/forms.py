"""Forms of a request to join a group, and of its answer."""

from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm, FreeLine


class AskForm(EngageForm):
    why = FreeLine(
        _l("What you would like to do"),
        longest=300,
        description=_l("You can leave this empty. The lead and coordinators read it."),
    )


class DeclineForm(EngageForm):
    answer = FreeLine(
        _l("A kind word"),
        longest=300,
        description=_l("You can leave this empty. Say what would help, or when to ask again."),
    )
