"""Forms of answering without an account: how to begin, and codes to type."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.fields.choices import SelectChoice

from engage.content.model import Sector
from engage.languages import own_name
from engage.web.forms import EngageForm, OneOf
from engage.web.slips import LONGEST, plain

# Most people who come through a door belong to no other sector.
FIRST = "residents"


class StartForm(EngageForm):
    """The form that begins: the person's sector, and the language if there are several."""

    sector = OneOf(
        _l("Which of these are you?"), [], required=_l("Choose what fits best. “Other” is fine, too.")
    )
    language = OneOf(_l("Language of the questions"), [], required=_l("Choose a language."))
    code = HiddenField()
    place = HiddenField()

    def __init__(
        self, sectors: Sequence[Sector], languages: Sequence[str], spoken: str, **settings: object
    ) -> None:
        super().__init__(**settings)
        ordered = sorted(sectors, key=lambda each: each.key != FIRST)
        self.sector.choices = [SelectChoice(each.key, each.name) for each in ordered]
        if len(languages) == 1:
            del self.language
        else:
            self.language.choices = [SelectChoice(key, own_name(key)) for key in languages]
            self.language.data = self.language.data or spoken

    @property
    def spoken(self) -> str:
        """Returns the chosen language; "" if there is only one."""
        return (self.language.data or "") if self.language is not None else ""


class CodeForm(EngageForm):
    """The form of a code that is typed by hand: the code on a slip, or the code to come back."""

    typed = StringField()

    @property
    def code(self) -> str:
        return plain((self.typed.data or "")[:LONGEST])

    def refuse_code(self) -> None:
        self.refuse("typed", _("This code does not work here. Check it letter by letter."))
