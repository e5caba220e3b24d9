"""The form of what a person does in a group."""

from flask_babel import lazy_gettext as _l

from engage.web.forms import EngageForm, FreeLine


class TitleForm(EngageForm):
    title = FreeLine(
        _l("Role in the group"),
        longest=80,
        description=_l("Such as deputy or recorder. It changes nothing about what they may do in Engage."),
    )
