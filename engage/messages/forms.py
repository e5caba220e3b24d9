"""Forms of messages."""

from datetime import UTC, datetime

from wtforms import HiddenField

from engage.i18n import lazy_gettext as _l
from engage.messages.rules import Frequency
from engage.web.forms import EngageForm, OneOf


class SeenForm(EngageForm):
    """The form that marks new things as seen. It contains the time at which the page was shown."""

    shown_at = HiddenField()

    def moment(self, otherwise: datetime) -> datetime:
        """Returns when the page was shown; `otherwise` if that is missing or invalid."""
        try:
            moment = datetime.fromisoformat(self.shown_at.data or "")
        except ValueError:
            return otherwise
        return moment if moment.tzinfo is not None and moment.year > 2000 else otherwise.astimezone(UTC)


FREQUENCY_LABELS: dict[str, str] = {
    Frequency.OFF: _l("No e-mail"),
    Frequency.DAILY: _l("At most once a day"),
    Frequency.WEEKLY: _l("Once a week, on Monday"),
}


class FrequencyForm(EngageForm):
    frequency = OneOf(
        _l("Send me an e-mail"), FREQUENCY_LABELS, required=_l("Choose how often you want an e-mail.")
    )

    @property
    def chosen(self) -> Frequency:
        return Frequency(self.frequency.data)
