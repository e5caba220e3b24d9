"""Holds words and tables that several reports use."""

from collections.abc import Sequence
from datetime import date

from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.plan.measures.labels import number_words
from engage.plan.measures.rules import NumberKind
from engage.web.paper.rules import Column, Field, Table, Width


def anybody(coalition: Coalition) -> Membership:
    """Returns an outside reader, to whom queries give what a viewer sees, with small counts withheld."""
    outside = Membership(coalition_id=coalition.id, role=Role.VIEWER, name="-", sort_key="-")
    outside.coalition = coalition
    return outside


def reader(membership: Membership, *, names: bool) -> Membership:
    """Returns the membership for which a report is read.

    Without names of people, it is one that sees what a viewer sees, so that handouts follow the same rule as
    a viewer's pages.
    """
    if names or membership.role is Role.VIEWER:
        return membership
    return anybody(membership.coalition)


def between(since: date, until: date) -> str:
    return _("%(since)s to %(until)s", since=long_day(since), until=long_day(until))


def number(value: float) -> str:
    return number_words(value, NumberKind.AMOUNT)


def counted(
    caption: str,
    first: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float]]],
    total: bool = True,
) -> Table:
    """Returns a table of numbers by what they count, with a row of totals at the end if there are several rows."""
    fields: list[list[Field]] = [[label, *numbers] for label, numbers in rows]
    total = total and len(rows) > 1
    if total:
        sums = [round(sum(column), 2) for column in zip(*(numbers for _label, numbers in rows), strict=True)]
        fields.append([_("Total"), *sums])
    return Table(
        caption=caption,
        columns=[Column(first, Width.WIDE), *(Column(head, Width.NUMBER) for head in heads)],
        rows=[[shown(each) for each in row] for row in fields],
        has_total=total,
        fields=fields,
    )


def shown(field: Field) -> str:
    """Returns as text, for a page, a number or day that a spreadsheet stores as a value."""
    if field is None:
        return ""
    if isinstance(field, date):
        return long_day(field)
    return field if isinstance(field, str) else number(field)
