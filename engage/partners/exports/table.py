"""Writes the organizations as a table to download. Importing it again changes nothing."""

from collections.abc import Iterable

from engage.imports.target import Target
from engage.partners.exports.queries import OrganizationHere
from engage.web.csv_files import Field

Table = tuple[list[str], list[list[Field]]]


def table(target: Target, here: Iterable[OrganizationHere]) -> Table:
    """Returns one line for each organization, with a column for each field that can be imported."""
    head = [field.label for field in target.fields]
    rows: list[list[Field]] = [
        [field.shown(each.values[field.key]) if field.key in each.values else "" for field in target.fields]
        for each in here
    ]
    return head, rows
