"""Reports how saving texts of a funder report went, in a page that stays open or is rendered again."""

from collections.abc import Mapping, Set

from msgspec import Struct

from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.reports.funder.forms import PartTextForm
from engage.reports.funder.models import FunderText
from engage.reports.funder.rules import Part
from engage.web.differences import Difference


class SavedText(Struct, frozen=True):
    """The result of saving: which boxes were refused, and where someone else wrote in the meantime."""

    typed: Mapping[Part, PartTextForm]
    refused: Set[Part]
    stale: Mapping[Part, FunderText]

    @property
    def status(self) -> int:
        return 409 if self.stale else 422 if self.refused else 200


def differences(saved: SavedText) -> list[Difference]:
    return [_difference(saved.typed[part], row) for part, row in saved.stale.items()]


def _difference(form: PartTextForm, row: FunderText) -> Difference:
    return Difference(form.text, row.text, form.text.data or "")


def pieces(saved: SavedText) -> list[tuple[str, dict[str, object]]]:
    """Returns the fragments that a save replaces in the page, without boxes in which someone is typing."""
    trouble = len(saved.stale) + len(saved.refused)
    text = (
        ngettext(
            "%(num)s box is not saved yet: please check it.",
            "%(num)s boxes are not saved yet: please check them.",
            trouble,
        )
        if trouble
        else _("Saved. You can leave and come back.")
    )
    return [
        ("_form_saved.html", {"text": text, "trouble": trouble}),
        # A screen reader announces only errors, not a save at each pause in typing.
        *([("_status.html", {"text": text, "is_heard": True})] if trouble else []),
        *(("reports/funder/_state.html", _state(saved, part, form)) for part, form in saved.typed.items()),
    ]


def _state(saved: SavedText, part: Part, form: PartTextForm) -> dict[str, object]:
    row = saved.stale.get(part)
    return {
        "form": form,
        "is_saved": row is None and part not in saved.refused,
        "differences": [] if row is None else [_difference(form, row)],
        "settles": "" if row is None else row.version,
    }
