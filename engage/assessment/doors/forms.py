"""Forms with which coordinators manage doors."""

from flask_babel import lazy_gettext as _l

from engage.web.forms import EngageForm, Number

SLIPS_AT_ONCE = 200


class SlipsForm(EngageForm):
    """The form that asks how many more slips of paper to make."""

    count = Number(
        _l("Number of slips"),
        least=1,
        most=SLIPS_AT_ONCE,
        default=40,
        description=_l("You can make more at any time."),
    )
