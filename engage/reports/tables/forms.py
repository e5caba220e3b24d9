"""The form that makes a link to live tables."""

from engage.i18n import lazy_gettext as _l
from engage.reports.tables.rules import NAME_LONGEST
from engage.web.forms import EngageForm, NameLine


class LinkForm(EngageForm):
    """The form that says whose sheet the link is for."""

    name = NameLine(
        _l("Whose sheet is it for?"),
        longest=NAME_LONGEST,
        required=_l("Say whose sheet it is for, so that you know later what stops when you revoke the link."),
        description=_l("For example: the county’s grant report. Only coordinators see it."),
    )
