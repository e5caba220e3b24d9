"""Computes a wheel of the focus areas, with a wedge for each: the higher its number for All, the longer the wedge.

The numbers are those of the table's cells, so that the wheel never shows more than the table.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from math import cos, pi, sin
from typing import Final

from msgspec import Struct

from engage.assessment.results.labels import RESULT_LABELS, number_words
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.changes import side_by_side
from engage.assessment.results.rules.releases import AreaResult
from engage.i18n import gettext as _

WIDTH: Final = 400
HEIGHT: Final = 350
RADIUS: Final = 104
HIGHEST: Final = 4
# With fewer areas it does not look like a wheel; with more, the names overlap.
FEWEST, MOST = 3, 12
# The length of a wedge for 0, so that it is visible.
SHORTEST: Final = 4.0
LETTERS: Final = 14
LINE_HEIGHT: Final = 17
# Half the gap between two wedges, in radians.
GAP: Final = 0.015


class PictureText(Struct, frozen=True):
    """A line of text at a point; `anchor` is SVG's start, middle or end."""

    words: str
    x: float
    y: float
    anchor: str
    kind: str


class Wedge(Struct, frozen=True):
    """The wedge of an area. `before` is the outline of an earlier round's wedge, empty if there is none."""

    label: str
    url: str | None
    kind: str
    path: str
    before: str
    texts: tuple[PictureText, ...]


class Wheel(Struct, frozen=True):
    """Everything the template needs for the wheel.

    `rings` are (level, radius); `before` is the title of the earlier round, which is shown as an outline.
    """

    label: str
    wedges: tuple[Wedge, ...]
    rings: tuple[tuple[int, float], ...]
    x: float = WIDTH / 2
    y: float = HEIGHT / 2
    width: int = WIDTH
    height: int = HEIGHT
    before: str = ""


def wheel(
    results: Results, url: Callable[[str], str] | None = None, before: Results | None = None
) -> Wheel | None:
    """Returns the wheel; None if no area has a number, or if there are too few or too many areas.

    `before` is the earlier round with which this one is compared.
    """
    areas = results.release.areas
    if not FEWEST <= len(areas) <= MOST or all(area.all is None for area in areas):
        return None
    earlier = _earlier(results, before) if before is not None else {}
    wedges = tuple(
        _wedge(results, area, position, len(areas), url, earlier.get(area.key))
        for position, area in enumerate(areas)
    )
    label = _("The focus areas as a wheel: %(areas)s.", areas="; ".join(wedge.label for wedge in wedges))
    rings = tuple((level, _length(level)) for level in range(1, HIGHEST + 1))
    return Wheel(label, wedges, rings, before=before.round.title if before is not None and earlier else "")


def _earlier(results: Results, before: Results) -> Mapping[str, float]:
    """Returns the earlier round's numbers, for areas whose numbers are based on the same statements in both rounds."""
    sides = side_by_side((before.questions, before.release), (results.questions, results.release))
    now = {area.key: area.all.value for area in results.release.areas if area.all is not None}
    changes = {key: area.change for key, area in sides.areas.items()}
    return {
        key: change.before
        for key, change in changes.items()
        if change.before is not None and change.difference is not None and change.after == now.get(key)
    }


def _wedge(
    results: Results,
    area: AreaResult,
    position: int,
    total: int,
    url: Callable[[str], str] | None,
    before: float | None,
) -> Wedge:
    name = results.area(area.key).short
    if area.all is None:
        number, kind, length = _("not shown"), "hidden", _length(HIGHEST)
    else:
        word = area.all.word
        number = f"{number_words(area.all.value)} {RESULT_LABELS[word]}"
        kind, length = word.value, max(_length(area.all.value), SHORTEST)
    middle = 2 * pi * position / total - pi / 2
    half = pi / total - GAP
    lines = [number]
    if before is not None:
        lines.append(_("was %(number)s", number=number_words(before)))
    return Wedge(
        label=" ".join([name, ", ".join(lines)]),
        url=url(area.key) if url else None,
        kind=kind,
        path=_sector(length, middle - half, middle + half),
        before="" if before is None else _sector(_length(before), middle - half, middle + half),
        texts=_texts(name, lines, middle),
    )


def _texts(name: str, numbers: list[str], angle: float) -> tuple[PictureText, ...]:
    """Returns the lines of an area's name and the numbers below it, placed outside the wheel beside the wedge."""
    x, y = _point(RADIUS + 12, angle)
    names = textwrap.wrap(name, LETTERS, max_lines=3, placeholder="…")
    lines = [*names, *numbers]
    anchor = "middle" if abs(cos(angle)) < 0.2 else "start" if cos(angle) > 0 else "end"
    # Above the wheel, the point is the bottom of the lines; below the wheel it is their top, and beside the
    # wheel their middle.
    height = LINE_HEIGHT * len(lines)
    top = y + height * (sin(angle) - 1) / 2 + LINE_HEIGHT * 0.75
    kinds = ["name"] * len(names) + ["number"] * len(numbers)
    return tuple(
        PictureText(words, x, round(top + LINE_HEIGHT * row, 1), anchor, kind)
        for row, (words, kind) in enumerate(zip(lines, kinds, strict=True))
    )


def _length(value: float) -> float:
    return round(RADIUS * value / HIGHEST, 1)


def _sector(length: float, start: float, end: float) -> str:
    (x1, y1), (x2, y2) = _point(length, start), _point(length, end)
    return f"M{WIDTH / 2:g} {HEIGHT / 2:g}L{x1} {y1}A{length} {length} 0 0 1 {x2} {y2}Z"


def _point(distance: float, angle: float) -> tuple[float, float]:
    return round(WIDTH / 2 + distance * cos(angle), 1), round(HEIGHT / 2 + distance * sin(angle), 1)
