"""Defines the forms of the Tips for Success: the checkbox and an item's details."""

from flask import g
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Optional

from engage.addresses import is_page_of
from engage.checklist.labels import STATE_LABELS
from engage.checklist.rules import ItemState
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Day, EngageForm, FreeText, RowSelect, VersionedForm, WebAddress

NOTE_LONGEST = 1000


class TickForm(EngageForm):
    """The checkbox of an item; `wanted` is the state that the page offered, so that two people who tick it agree."""

    wanted = HiddenField(validators=[Optional(), AnyOf(["done", "open"])])

    @property
    def wants_done(self) -> bool | None:
        """Returns the wanted state; None if it was not sent: the checkbox then toggles."""
        return self.wanted.data == "done" if self.wanted.data else None


class Proof(WebAddress):
    """A field for the web address that proves that an item is done; it may also be a page of this coalition."""

    def meant(self, text: str) -> str | None:
        return text if is_page_of(text, g.coalition.slug) else super().meant(text)


class ItemForm(VersionedForm):
    """The form of an item's details."""

    state = SelectField(
        _l("Status"),
        choices=[SelectChoice(str(state), word) for state, word in STATE_LABELS.items()],
        description=_l("Items marked “Does not apply to us” are not counted."),
    )
    owner = RowSelect(_l("Owner"), nothing=_l("No one yet"))
    due_on = Day(_l("By when"))
    proof = Proof(
        _l("Proof"),
        longest=500,
        description=_l("The web address of a document, or of a page of this coalition in Engage."),
    )
    note = FreeText(
        _l("Note"), longest=NOTE_LONGEST, description=_l("What you did or agreed, in a few words.")
    )

    @property
    def new_state(self) -> ItemState:
        return ItemState(self.state.data)
