"""Builds the list of decisions, and the page of one decision."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import url_for
from msgspec import Struct

from engage.i18n import gettext as _
from engage.meetings.decisions.service import DecisionFilters, DecisionLine, DecisionsShown
from engage.web.lists import Choice, Pages, page_of

PAGE_ROWS = 200


class DecisionsPage(Struct, frozen=True):
    rows: Sequence[DecisionLine]
    # The actions that came from each decision, by its id.
    actions: Mapping[int, Sequence[object]]
    today: date
    total: int
    found: int
    pages: Pages
    filters: DecisionFilters
    shows: list[Choice]

    @classmethod
    def of(
        cls,
        lines: Sequence[DecisionLine],
        actions: Mapping[int, Sequence[object]],
        filters: DecisionFilters,
        today: date,
        me: int,
        page: str,
    ) -> "DecisionsPage":
        """Builds the list; `actions` holds the actions that came from each decision, by its id."""

        def at(filters: DecisionFilters, **more: object) -> str:
            return url_for("meetings.decision_list", **{**filters.args(), **more})

        def count(filters: DecisionFilters) -> int:
            return len(filters.only(lines, today, actions.keys(), me))

        found = filters.only(lines, today, actions.keys(), me)
        rows, pages = page_of(found, page, lambda n: at(filters, page=n), PAGE_ROWS)
        labels = {
            DecisionsShown.ALL: _("All"),
            DecisionsShown.DUE: _("Due for review"),
            DecisionsShown.NO_ACTION: _("Without an action"),
        }
        shows = [
            Choice(label, at(changed), filters.show is show, count(changed))
            for show, label in labels.items()
            for changed in [filters.with_(show=show)]
        ]
        mine = filters.with_(mine=not filters.mine)
        shows.append(Choice(_("Mine"), at(mine), filters.mine, count(filters.with_(mine=True))))
        return cls(
            rows=rows,
            actions=actions,
            today=today,
            total=len(lines),
            found=len(found),
            pages=pages,
            filters=filters,
            shows=shows,
        )
