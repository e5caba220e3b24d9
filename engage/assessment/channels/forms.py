"""Forms with which coordinators manage the channels to answer without an account."""

from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm, Number

SLIPS_AT_ONCE = 200


class ChannelSlipsForm(EngageForm):
    """The form that asks how many more slips of paper to make."""

    count = Number(
        _l("Number of slips"),
        least=1,
        most=SLIPS_AT_ONCE,
        default=40,
        description=_l("You can make more at any time."),
    )
