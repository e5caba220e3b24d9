"""Defines the form that restores a thing."""

from engage.coalitions.trash.kinds import Places
from engage.web.forms import EngageForm, RowSelect


class RestoreForm(EngageForm):
    """The form with the button, and the places to choose from if the thing's own place is gone."""

    into = RowSelect("")

    def ask(self, places: Places | None) -> None:
        if places is None:
            del self.into
            return
        self._missing = places.missing
        self.into.label.text = places.label
        self.into.nothing = places.nothing
        self.into.description = places.hint
        self.into.offer(places.rows)

    def refuse_place(self) -> None:
        self.refuse("into", self._missing)

    @property
    def chosen(self) -> int | None:
        return self.into.row_id if "into" in self else None
