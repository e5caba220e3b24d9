"""Builds the rest of the funder report's page: its dates, its layouts, and the copies of what was sent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.dates import long_day, month_names
from engage.i18n import gettext as _
from engage.reports.funder import labels
from engage.reports.funder.queries import texts as texts_queries
from engage.reports.funder.queries.texts import CopyLine
from engage.reports.funder.rules import Layout, Part, parts_of
from engage.reports.rules import Period, Span, span
from engage.web.lists import Choice


class Asked(Struct, frozen=True):
    """The options in the address."""

    period: Period
    layout: Layout
    small: bool

    @classmethod
    def of(cls, args: Any, membership: Membership, today: date) -> "Asked":
        """Reads the options.

        Invalid values are ignored; a reader who may not see small counts never gets them.
        """
        said = args.get("layout", "")
        return cls(
            Period.of(args, today),
            Layout(said) if said in set(Layout) else Layout.OWN,
            may(membership.role, Permission.SEE_ALL) and args.get("small") == "yes",
        )

    def args(self, **changes: object) -> dict[str, Any]:
        """Returns the options in the form of an address."""
        usual: dict[str, object] = self.period.args()
        if self.layout is not Layout.OWN:
            usual["layout"] = self.layout.value
        if self.small:
            usual["small"] = "yes"
        return {**usual, **changes}


class FunderAround(Struct, frozen=True):
    """Everything around the report: `spans` are its usual periods, `more_spans` the others."""

    spans: list[Choice]
    more_spans: list[Choice]
    layouts: list[Choice]
    shows: list[Choice]
    written: list[Choice]
    copies: Sequence[CopyLine]


def around(membership: Membership, asked: Asked, today: date, *, has_order: bool) -> FunderAround:
    """Builds the parts around the report; only readers who see everything here get texts and copies."""
    month = membership.coalition.fiscal_month
    sees_all = may(membership.role, Permission.SEE_ALL)
    written = texts_queries.written_periods(membership) if sees_all else []
    return FunderAround(
        spans=[_at(asked, span(which, today, month), label) for which, label in _spans(month)],
        more_spans=[_at(asked, span(which, today, month), label) for which, label in _more_spans(month)],
        layouts=_layouts(asked, today, has_order=has_order),
        shows=_shows(asked) if sees_all else [],
        written=[_at(asked, each, labels.dates(each)) for each in written if each != asked.period],
        copies=texts_queries.copies_of(membership) if sees_all else [],
    )


def _at(asked: Asked, period: Period, label: str) -> Choice:
    return Choice(label, url_for("reports.funder", **asked.args(**period.args())), period == asked.period)


def _spans(month: int) -> list[tuple[Span, str]]:
    """Returns the periods; a fiscal year that begins in January is the calendar year."""
    year = _("Fiscal year (from %(month)s 1)", month=month_names()[month]) if month > 1 else _("This year")
    return [
        (Span.THIS_MONTH, _("This month")),
        (Span.LAST_MONTH, _("Last month")),
        (Span.THIS_QUARTER, _("This quarter")),
        (Span.LAST_QUARTER, _("Last quarter")),
        (Span.FISCAL_YEAR, year),
        (Span.LAST_FISCAL_YEAR, _("Last fiscal year") if month > 1 else _("Last year")),
    ]


def _more_spans(month: int) -> list[tuple[Span, str]]:
    found = [
        (Span.HALF_YEAR, _("This federal half-year")),
        (Span.LAST_HALF_YEAR, _("Last federal half-year")),
    ]
    if month > 1:
        found += [(Span.THIS_YEAR, _("This calendar year")), (Span.LAST_YEAR, _("Last calendar year"))]
    return found


def _layouts(asked: Asked, today: date, *, has_order: bool) -> list[Choice]:
    """Returns the layouts.

    Choosing one also sets its usual period; the coalition's own order keeps the period.
    """
    usual = {Layout.FEDERAL: Span.LAST_HALF_YEAR, Layout.STATE: Span.LAST_QUARTER}
    found = []
    for layout, label in labels.LAYOUT_LABELS.items():
        period = span(usual[layout], today, 1) if layout in usual else asked.period
        there = Asked(period, layout, asked.small)
        shown = labels.OWN_ORDER if layout is Layout.OWN and has_order else label
        found.append(Choice(str(shown), url_for("reports.funder", **there.args()), layout is asked.layout))
    return found


def _shows(asked: Asked) -> list[Choice]:
    return [
        Choice(
            label,
            url_for("reports.funder", **Asked(asked.period, asked.layout, small).args()),
            small is asked.small,
        )
        for label, small in ((_("To hand out"), False), (_("With small counts"), True))
    ]


def parts_asked(membership: Membership, layout: Layout) -> tuple[list[Part], bool]:
    """Returns the sections of a layout, and whether the coalition has its own order."""
    order = texts_queries.order_of(membership)
    return parts_of(layout, order.parts if order is not None else ()), order is not None


def copy_words(made_day: date, maker: str) -> str:
    """Says on a saved copy that it is one, by whom and from when."""
    if maker:
        return _(
            "A copy saved by %(name)s on %(day)s. Its numbers stay as they were then.",
            name=maker,
            day=long_day(made_day),
        )
    return _("A copy saved on %(day)s. Its numbers stay as they were then.", day=long_day(made_day))
