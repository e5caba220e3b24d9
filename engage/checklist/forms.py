"""Forms of the Tips for Success: the tick and an item's details."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Optional, ValidationError

from engage.checklist.rules import ItemState, is_proof
from engage.checklist.words import STATE_WORDS
from engage.web.forms import Day, EngageForm, FreeText, Line, RowSelect, VersionedForm

NOTE_LONGEST = 1000


class TickForm(EngageForm):
    """The box of an item; `wanted` is what the page offered, so that someone else's second press undoes nothing."""

    wanted = HiddenField(validators=[Optional(), AnyOf(["done", "open"])])

    @property
    def wants_done(self) -> bool | None:
        """Returns the wanted state; None if it was not sent, and the box then toggles."""
        return self.wanted.data == "done" if self.wanted.data else None


class ItemForm(VersionedForm):
    """The form of a person's texts about an item."""

    state = SelectField(
        _l("Status"),
        choices=[SelectChoice(str(state), word) for state, word in STATE_WORDS.items()],
        description=_l("Items marked “Does not apply to us” are not counted."),
    )
    owner = RowSelect(_l("Owner"), nothing=_l("No one yet"))
    due_on = Day(_l("By when"))
    proof = Line(
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

    def validate_proof(self, field: Line) -> None:
        if field.data and not is_proof(field.data, g.coalition.slug):
            raise ValidationError(
                _(
                    "Enter a web address that starts with https://, or copy the address of a page of this "
                    "coalition from /c/ on."
                )
            )
