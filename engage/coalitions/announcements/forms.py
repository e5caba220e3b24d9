"""The form of an announcement."""

from datetime import date

from wtforms import BooleanField, ValidationError

from engage.coalitions.announcements.models import LONGEST, TEXT_LONGEST, TITLE_LONGEST
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Day, FreeLine, FreeText, RowSelect, VersionedForm


class AnnouncementForm(VersionedForm):
    title = FreeLine(_l("Title"), longest=TITLE_LONGEST, required=_l("Write a title."))
    text = FreeText(_l("Text"), longest=TEXT_LONGEST, required=_l("Write what you want to say."))
    until_on = Day(
        _l("Until"),
        required=_l("Choose the last day on which people should see it."),
        description=_l("The last day on which it is shown."),
    )
    group = RowSelect(_l("For"), nothing=_l("Everyone"))
    is_public = BooleanField(
        _l("Show it on the public page, too"),
        description=_l(
            "Anyone with the page’s link can read the title and the text. Only for an announcement to everyone."
        ),
    )

    today: date

    def offer(self, groups: list[tuple[int, str]], today: date) -> None:
        """Sets the groups to choose from, and the first day that may be chosen."""
        self.group.offer(groups)
        self.today = today

    def fields(self) -> dict[str, object]:
        return {
            "title": self.title.data or "",
            "text": self.text.data or "",
            "until_on": self.until_on.data,
            "group_id": self.group.row_id,
            "is_public": self.is_public.data,
        }

    def validate_until_on(self, field: Day) -> None:
        if field.data is not None and field.data < self.today:
            raise ValidationError(_("Choose today or a later day."))
        if field.data is not None and field.data > self.today + LONGEST:
            raise ValidationError(_("Choose a day within a year."))

    def validate_is_public(self, field: BooleanField) -> None:
        if field.data and self.group.row_id is not None:
            raise ValidationError(
                _("An announcement to one group cannot be public. Choose Everyone, or uncheck this.")
            )
