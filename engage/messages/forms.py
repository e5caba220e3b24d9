"""Forms of messages."""

from datetime import UTC, datetime

from wtforms import HiddenField

from engage.forms import EngageForm


class SeenForm(EngageForm):
    """Says that what the page showed is seen; it carries when that was."""

    shown_at = HiddenField()

    def moment(self, otherwise: datetime) -> datetime:
        """When the page was shown; `otherwise` where that is missing or no moment."""
        try:
            moment = datetime.fromisoformat(self.shown_at.data or "")
        except ValueError:
            return otherwise
        return moment if moment.tzinfo is not None and moment.year > 2000 else otherwise.astimezone(UTC)
