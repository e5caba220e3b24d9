"""Renders the rows of a report's tables as HTML; for 5,000 actions, a template takes five times as long."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from engage.web.paper.rules import Cell, Column, Table, Width

_ALIGNED = {Width.NUMBER, Width.NARROW, Width.SQUARE}
_TINTED = ("need", "building", "strength", "hidden")


def drawn_rows(table: Table) -> Markup:
    """Returns the HTML of a table's rows, for its tbody."""
    classes = [f"report-{each.width}" if each.width in _ALIGNED else "" for each in table.columns]
    said = [
        f' data-label="{escape(each.label)}"' if each.width is Width.SAID else "" for each in table.columns
    ]
    last = len(table.rows) - 1 if table.has_total else -1
    heads = next((at for at, each in enumerate(table.columns) if each.width not in _ALIGNED), None)
    tags = ["th" if at == heads else "td" for at, _each in enumerate(table.columns)]
    parts: list[str] = []
    for number, row in enumerate(table.rows):
        parts.append('<tr class="report-total">' if number == last else "<tr>")
        for cell, tag, class_, label in zip(row, tags, classes, said, strict=True):
            if isinstance(cell, Cell):
                parts.append(_cell(cell, tag, class_, label))
            else:
                parts.append(_drawn(tag, class_, label, escape(cell)))
        parts.append("</tr>\n")
    return Markup("".join(parts))  # noqa: S704 - every text in it is escaped


def _drawn(tag: str, class_: str, label: str, words: str) -> str:
    """Returns one cell.

    A row's first cell is its header, so that screen readers announce it in every column.
    """
    scope = ' scope="row"' if tag == "th" else ""
    named = f' class="{class_}"' if class_ else ""
    return f"<{tag}{scope}{named}{label}>{words}</{tag}>"


def _cell(cell: Cell, tag: str, class_: str, label: str) -> str:
    words = str(escape(cell.text))
    if cell.url:
        words = f'<a href="{escape(cell.url)}">{words}</a>'
    if cell.kind == "late":
        class_ = "report-late"
    elif cell.kind in _TINTED:
        class_ = f"heat-cell heat-{cell.kind}"
        words = f'<span class="heat-number">{words}</span>'
    note = f'<span class="report-note">{escape(cell.note)}</span>' if cell.note else ""
    return _drawn(tag, class_, label, words + note)


def labels(columns: Sequence[Column]) -> Markup:
    """Returns the headings of a table."""
    cells = (f'<th scope="col" class="report-{each.width}">{escape(each.label)}</th>' for each in columns)
    return Markup("".join(cells))  # noqa: S704 - every text in it is escaped
