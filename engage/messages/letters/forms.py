"""Forms of letters."""

from collections.abc import Iterable

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext
from engage.messages.letters.rules import LINK, NAME, holds_merge_words
from engage.messages.letters.service import LetterContent
from engage.web.forms import EngageForm, FreeLine, FreeText, SeveralOf

SUBJECT_LONGEST = 150
CHOSEN = "chosen"


class LetterForm(EngageForm):
    """The form of a letter: audience, subject and text.

    `press` is unique to the page, so that pressing a button twice sends one letter.
    """

    to = SelectField(lazy_pgettext("letter", "To"), choices=[])
    people = SeveralOf(_l("The people I choose"))
    subject = FreeLine(_l("Subject"), longest=SUBJECT_LONGEST, required=_l("Write a subject."))
    text = FreeText(
        _l("Text"),
        required=_l("Write the text."),
        description=_l(
            "%(name)s becomes each person's first name and %(link)s the link. Leave each where you want it.",
            name=NAME,
            link=LINK,
        ),
    )
    about = HiddenField()
    press = HiddenField()
    # Identifies the people whom the check showed.
    seen = HiddenField()

    def offer(self, audiences: Iterable[tuple[str, str]], people: Iterable[tuple[int, str]]) -> None:
        """Sets the audiences and subjects to choose from."""
        self.to.choices = [SelectChoice(key, name) for key, name in audiences]
        self.people.choices = [SelectChoice(str(key), name) for key, name in people]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        chosen = bool(self.people.data)
        if self.to.data == CHOSEN and not chosen:
            self.refuse("people", _("Check at least one person."))
            return False
        if self.to.data != CHOSEN and chosen:
            self.refuse(
                "to",
                _("You checked people below. Choose “People I choose below”, or uncheck them."),
            )
            return False
        if holds_merge_words(self.subject.data or ""):
            self.refuse(
                "subject",
                _("%(name)s and %(link)s work only in the text.", name=NAME, link=LINK),
            )
            return False
        return valid

    @property
    def chosen_ids(self) -> list[int]:
        return [int(key) for key in self.people.data or []]

    @property
    def content(self) -> LetterContent:
        return LetterContent(
            self.subject.data or "", self.text.data or "", self.to.data or "", self.about.data or ""
        )
