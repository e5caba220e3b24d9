"""Lists the tables and columns with texts that people wrote, as the models declare them."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from engage.columns import Holds, about
from engage.database import Base
from engage.i18n import LazyString


class Labels(NamedTuple):
    """The label of a table's rows, and the label of each column with a text that can be removed for good."""

    row: LazyString
    columns: Mapping[str, LazyString]


def tables() -> list[sa.Table]:
    """Returns the tables of coalitions, each after the tables that it refers to."""
    found = Base.metadata.sorted_tables
    return [table for table in found if table.name == "coalitions_coalition" or "coalition_id" in table.c]


@cache
def labels() -> Mapping[str, Labels]:
    """Returns the labels of each table that has such texts."""
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    found = {table: _texts(table) for table in tables()}
    return {table.name: Labels(models[table].__label__, texts) for table, texts in found.items() if texts}


def _texts(table: sa.Table) -> dict[str, LazyString]:
    found = {column.name: about(column) for column in table.c}
    return {name: each.label for name, each in found.items() if each.holds is Holds.TEXT and each.label}
