"""Words of undoing imports."""

from functools import cache

from engage.coalitions.undo_imports.service import Staying
from engage.database import Base
from engage.i18n import LazyString
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.imports.hidden_file import FileKind

FILE_LABELS = {
    FileKind.TABLE: _l("From a table"),
    FileKind.WORKBOOK: _l("From a workbook"),
    FileKind.JSON: _l("From a JSON file"),
    FileKind.CONTACTS: _l("From a contacts file"),
}


@cache
def _labels() -> dict[str, LazyString]:
    return {
        mapper.class_.__tablename__: mapper.class_.__label__
        for mapper in Base.registry.mappers
        if hasattr(mapper.class_, "__label__")
    }


def word_of(table: str) -> str:
    """Returns what a row of this table is, such as "Action"."""
    return str(_labels().get(table, _("Something linked to it")))


def title_of(each: Staying) -> str:
    """Returns the name of a row that stays."""
    title = str(each.row.get("title") or each.row.get("name") or word_of(each.table))
    return f"{each.row['number']}. {title}" if each.row.get("number") else title
