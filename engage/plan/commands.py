"""Exports and imports plans from the server's command line.

It reads, compares and writes as the pages do, but raises an error where a page would ask.
"""

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from flask import current_app, g
from msgspec.structs import replace

from engage import clock
from engage.coalitions.audit import downloads
from engage.coalitions.models import Coalition
from engage.coalitions.undo_imports.recording import recorded
from engage.database import folded
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.imports.days import DayOrder
from engage.imports.guess import Guess, guessed
from engage.imports.labels import OUTCOME_LABELS, rows_words, trouble_words
from engage.imports.preview import OfThoseHere, Outcome, Preview
from engage.imports.reading import Unreadable
from engage.imports.target import DAY_ORDER, LEFT_OUT
from engage.plan import queries as plan_queries
from engage.plan import undo_imports
from engage.plan.exports import json
from engage.plan.exports import table as exports_table
from engage.plan.exports.queries import whole_of
from engage.plan.imports import service as imports_service
from engage.plan.imports.comparison import PlanComparison, here_of
from engage.plan.imports.target import target
from engage.plan.service import DailyWork
from engage.web.csv_files import csv_text

# No one waits for a response here, so larger files are allowed than on a page.
MOST_BYTES = 50_000_000


class CommandRefused(Exception):
    """Nothing was read or written; the message is one line that says why."""


def _coalition(slug: str) -> Coalition:
    found = db.session.scalar(sa.select(Coalition).where(Coalition.slug == slug))
    if found is None:
        raise CommandRefused(f"There is no coalition called {slug}.")
    return found


def exported(slug: str, kind: str) -> bytes:
    """Returns the current plan, else the draft, else the last closed one; `kind` is csv, xlsx or json."""
    coalition = _coalition(slug)
    plan = next(iter(plan_queries.plans_of(DailyWork(coalition))), None)
    if plan is None:
        raise CommandRefused(f"{slug} has no plan yet.")
    whole = whole_of(plan)
    if kind == "xlsx":
        return exports_table.workbook(plan, whole)
    if kind == "json":
        return json.text_of(plan, whole).encode()
    return csv_text(exports_table.HEAD, exports_table.rows_of(whole)).encode()


def note_export(slug: str, kind: str) -> None:
    """Records the export in the coalition's audit log, like a download; call it after the file was written."""
    key = _coalition(slug).id
    db.session.rollback()  # the entry is written in a separate transaction
    downloads.note(current_app, key, None, f"plan.plan_{kind}")


def imported(
    slug: str,
    raw: bytes,
    order: DayOrder | None,
    *,
    confirmed: bool,
    without_ref: bool = False,
    without: Iterable[str] = (),
) -> Iterator[str]:
    """Yields lines that say what happens. Writes only if `confirmed`; the caller commits. Raises Refused.

    With `without_ref` that column is ignored, because its numbers are another plan's; so are those in `without`, by
    what the file calls them or what they are.
    """
    actor = DailyWork(_coalition(slug))
    g.coalition = actor.coalition
    wanted = target(actor.coalition_id)
    plan = plan_queries.open_plan(actor.coalition_id)
    try:
        read = guessed(wanted, raw, most_bytes=MOST_BYTES)
        if without_ref:
            read = _without(read, "ref")
        for name in without:
            read = _without(read, name, must=True)
    except Unreadable as error:
        raise CommandRefused(trouble_words(error)) from None
    meant, left_out = _meant(read, order)
    today = clock.today(actor.coalition.time_zone)
    here = here_of(actor.coalition_id, plan)
    comparison = PlanComparison(here, read.lines(meant), wanted, OfThoseHere.REPLACE, {}, today)
    _check(comparison.preview, wanted.field("ref").label)
    yield from left_out
    yield from _said(comparison.preview)
    if not confirmed:
        yield "Nothing was written. Add --yes to import it."
        return
    try:
        with recorded(actor, undo_imports.KEY):
            written = imports_service.write(actor, plan, comparison, lambda _row: False)
    except StaleVersion:
        raise CommandRefused(
            "Someone changed the plan at the same moment. Nothing was written. Try again."
        ) from None
    except WrongState as error:
        raise CommandRefused(error.message) from None
    yield (
        f"Written into “{written.plan.title}”: {written.added} actions added, {written.changed} changed,"
        f" {written.places} goals and objectives added or changed."
    )


def _without(read: Guess, name: str, *, must: bool = False) -> Guess:
    headings = {each.index: folded(each.heading) for each in read.columns}
    chosen = {
        index: key for index, key in read.chosen.items() if folded(name) not in {key, headings.get(index)}
    }
    if must and len(chosen) == len(read.chosen):
        raise CommandRefused(f"There is no column called {name} to leave out.")
    return replace(read, chosen=chosen)


def _meant(read: Guess, order: DayOrder | None) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Returns the meanings of words and dates in the file, and lines on columns and rows left out."""
    if not read.places.keys() & {"action", "goal"}:
        raise CommandRefused("No column is called action or goal, or by another name for them.")
    meant: dict[str, dict[str, str]] = {}
    lines = []
    out = [each.heading or each.letter for each in read.columns if each.index not in read.chosen]
    if read.sheets[1:]:
        lines.append(f"Sheets left out: {', '.join(read.sheets[1:])}.")
    if out:
        lines.append(f"Columns left out: {', '.join(out)}.")
    for unknown in read.unknown:
        if not unknown.field.may_go:
            raise CommandRefused(_unknown_words(unknown.field.key, unknown.word))
        meant.setdefault(unknown.field.key, {})[folded(unknown.word)] = LEFT_OUT
        lines.append(f"Not known and left out of the column {unknown.field.key}: {unknown.word}")
    if read.doubtful_days and order is None:
        raise CommandRefused(
            f"{read.doubtful_days[0]} can be read in two ways. Add --dates month-first or --dates day-first."
        )
    if order is not None:
        meant[DAY_ORDER] = {"": order.value}
    return meant, lines


def _unknown_words(key: str, word: str) -> str:
    if key in {"owner", "helpers"}:
        return (
            f"{word} may be more than one person, or someone here. Write each in full, with a semicolon between"
            " them, or with the e-mail address: Name <name@example.org>."
        )
    return f"“{word}” in the column {key} is not known. Use another word."


def _check(preview: Preview, ref: str) -> None:
    if preview.wrong:
        row = preview.wrong[0]
        problem = row.problems[0]
        more = f" (And {len(preview.wrong) - 1} more.)" if len(preview.wrong) > 1 else ""
        cell = f" “{problem.cell[:60]}”" if problem.cell else ""
        option = " If the numbers belong to another plan, add --without-ref." if problem.label == ref else ""
        words = (
            f"Row {row.number}, {problem.label}:{cell} {problem.message}{option}{more} Nothing was written."
        )
        raise CommandRefused(" ".join(words.split()))
    if preview.alike:
        row = preview.alike[0]
        names = "; ".join(each.name for each in row.alike)
        words = f"Row {row.number}, {row.name}, may be the same as: {names}. Write the action's number as its ref,"
        raise CommandRefused(" ".join(f"{words} or import it on the page. Nothing was written.".split()))


def _said(preview: Preview) -> Iterator[str]:
    for outcome in Outcome:
        if preview.counts[outcome]:
            yield f"{OUTCOME_LABELS[outcome]}: {rows_words(preview.counts[outcome])}"
    for row in preview.found:
        for found in row.found:
            yield f"Look at row {row.number}, {found.label}: maybe {found.kinds}."
