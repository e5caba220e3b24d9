"""The form that chooses the meeting to which unreached lines are carried."""

from flask_babel import lazy_gettext as _l

from engage.web.forms import EngageForm, RowSelect


class CarryForm(EngageForm):
    """The form that chooses the meeting to which unreached lines are carried."""

    to = RowSelect(_l("Carry over to"))
