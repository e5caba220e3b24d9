"""The form of where to carry what was not reached."""

from flask_babel import lazy_gettext as _l

from engage.web.forms import EngageForm, RowSelect


class CarryForm(EngageForm):
    """The form of where to carry what was not reached."""

    to = RowSelect(_l("Carry over to"))
