"""Forms of Home: saying how an action is going."""

from wtforms import HiddenField
from wtforms.validators import AnyOf

from engage.i18n import lazy_gettext as _l
from engage.plan.rules import QuickAnswer
from engage.web.forms import Day, FreeText, VersionedForm


class QuickForm(VersionedForm):
    """The form that says how an action is going. The pressed button is the answer; text is saved with it."""

    to = HiddenField(validators=[AnyOf([answer.value for answer in QuickAnswer])])
    due_on = Day(_l("New date"))
    text = FreeText(_l("What help is needed, or how it is going"), longest=1000)

    def __init__(self, number: int, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        for field in self:
            field.id = f"home-quick-{number}-{field.name}"
            field.label.field_id = field.id

    @property
    def answer(self) -> QuickAnswer:
        return QuickAnswer(self.to.data)
