"""Forms of answering without an account: how to start, and fields for codes."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.content.model import Sector, SectorGroup
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm
from engage.web.slips import LONGEST, plain

# Most people who answer without an account belong to no other sector.
FIRST = "residents"
LAST = "other"


class GuestStartForm(EngageForm):
    """The form that starts a response: the person's sector, in one list, so that a phone's first screen has the button.

    `language` is that of the questions: the page's, chosen by links above the form; None if there is only one.
    """

    sector = SelectField(
        _l("Which of these are you?"),
        validators=[DataRequired(_l("Choose what fits best. “Other” is fine, too."))],
    )
    language = HiddenField()
    code = HiddenField()
    place = HiddenField()

    def __init__(
        self,
        sectors: Sequence[Sector],
        groups: Sequence[SectorGroup],
        languages: Sequence[str],
        spoken: str,
        **settings: object,
    ) -> None:
        super().__init__(**settings)
        named = {each.key: each for each in sectors}
        within = [
            SelectChoice(each.key, each.name, optgroup=group.name)
            for group in groups
            for each in sectors
            if each.group == group.key and each.key not in {FIRST, LAST}
        ]
        self.sector.choices = [
            SelectChoice("", _("Choose one")),
            SelectChoice(FIRST, named[FIRST].name),
            *within,
            SelectChoice(LAST, named[LAST].name),
        ]
        if len(languages) == 1:
            del self.language
        elif self.language.data not in languages:
            self.language.data = spoken

    @property
    def spoken(self) -> str:
        """Returns the chosen language of the questions; "" if there is only one."""
        return (self.language.data or "") if self.language is not None else ""


class GuestCodeForm(EngageForm):
    """The form for a code that a person types: the code on a slip, or the code to come back."""

    typed = StringField()

    @property
    def code(self) -> str:
        return plain((self.typed.data or "")[:LONGEST])

    def refuse_code(self) -> None:
        self.refuse("typed", _("This code does not work here. Check each character."))
