"""Says how saving the texts of a funder report went, in a page that stays open and in one that is drawn again."""

from collections.abc import Mapping, Set

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from engage.reports.funder.forms import PartTextForm
from engage.reports.funder.models import FunderText
from engage.reports.funder.rules import Part
from engage.web.differences import Difference


class Saved(Struct, frozen=True):
    """The boxes that were sent: which were refused, and where someone else wrote in the meantime."""

    typed: Mapping[Part, PartTextForm]
    refused: Set[Part]
    stale: Mapping[Part, FunderText]

    @property
    def status(self) -> int:
        return 409 if self.stale else 422 if self.refused else 200


def differences(saved: Saved) -> list[Difference]:
    return [_difference(saved.typed[part], row) for part, row in saved.stale.items()]


def _difference(form: PartTextForm, row: FunderText) -> Difference:
    return Difference(form.text, row.text, form.text.data or "")


def pieces(saved: Saved) -> list[tuple[str, dict[str, object]]]:
    """Returns the parts that a save replaces in the page; boxes in which someone is typing are not among them."""
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
        *(("reports/funder/_state.html", _state(saved, part, form)) for part, form in saved.typed.items()),
    ]


def _state(saved: Saved, part: Part, form: PartTextForm) -> dict[str, object]:
    row = saved.stale.get(part)
    return {
        "form": form,
        "is_saved": row is None and part not in saved.refused,
        "differences": [] if row is None else [_difference(form, row)],
        "settles": "" if row is None else row.version,
    }
