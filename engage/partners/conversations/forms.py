"""The form on a conversation."""

from datetime import date

from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.partners.labels import LEVEL_CHOICES, LEVEL_WHY
from engage.web.forms import Day, FreeLine, FreeText, OneOf, RowSelect, VersionedForm


class ConversationForm(VersionedForm):
    """The form of a conversation: when, with whom, its outcome, and how firm the relationship is now."""

    happened_on = Day(_l("When was it?"), required=_l("Enter the date."))
    contact_id = RowSelect(_l("Who did you talk with?"), nothing=_l("Someone else"))
    with_whom = FreeLine(
        _l("Someone who is not a contact here"),
        longest=200,
        description=_l("A name or a task, such as: the new principal."),
    )
    note = FreeText(
        _l("What came of it?"),
        longest=2000,
        description=_l("What they do, what they need, what was agreed, what comes next."),
    )
    level = OneOf(
        _l("How strong is the relationship now?"),
        [("", _l("No change")), *LEVEL_CHOICES.items()],
        default="",
        descriptions={str(level.value): words for level, words in LEVEL_WHY.items()},
    )

    def __init__(self, today: date, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        self._today = today

    def validate_happened_on(self, field: Day) -> None:
        if field.data is not None and field.data > self._today:
            raise ValidationError(_("This day is in the future. Log a conversation after it took place."))

    def fields(self) -> dict[str, object]:
        """Returns the conversation's columns by name."""
        contact = self.contact_id.row_id
        return {
            "happened_on": self.happened_on.data,
            "contact_id": contact,
            "with_whom": "" if contact is not None else self.with_whom.data or "",
            "note": self.note.data or "",
            "level": int(self.level.data) if self.level.data else None,
        }
