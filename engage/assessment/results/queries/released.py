"""Reads what the closings of a round released: its releases, the notes, and a summary of the latest results."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from msgspec import Struct

from engage.assessment.languages import as_read
from engage.assessment.models import Answer, Response, Round, StoredRelease
from engage.assessment.queries import (
    IS_BESIDE,
    NEWEST_RELEASE,
    Reopened,
    is_latest,
    of_kind,
    reopenings_of,
)
from engage.assessment.results.queries.agreed import agreed_of
from engage.assessment.results.rules.closing import with_agreed
from engage.assessment.results.rules.findings import biggest_gaps, highest_area, lowest_area
from engage.assessment.results.rules.releases import Release, ResultWord
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.extensions import db


def _of(round_: Round) -> tuple[sa.ColumnElement[bool], ...]:
    return StoredRelease.coalition_id == round_.coalition_id, StoredRelease.round_id == round_.id


def release_of(round_: Round) -> StoredRelease | None:
    """Returns the newest release of a closed round."""
    newest = sa.select(StoredRelease).where(*_of(round_)).order_by(StoredRelease.number.desc()).limit(1)
    return db.session.scalar(newest)


class ReleaseRow(Struct, frozen=True):
    """A release in the list of releases; `respondents` is 0 if fewer than k had answered."""

    number: int
    respondents: int
    made_at: datetime


class Releases(Struct, frozen=True):
    """A round's releases, newest first.

    `waiting` says that some answers are not counted yet, but not how many. `may_reopen` says that no later
    round of the same kind exists. `reopenings` are shown to coordinators only.
    """

    rows: tuple[ReleaseRow, ...]
    reopenings: tuple[Reopened, ...]
    waiting: bool
    may_reopen: bool


def _some_wait(round_: Round) -> bool:
    """Returns whether there are submitted responses that no release counts yet."""
    waiting = sa.exists().where(
        Response.round_id == round_.id, Response.submitted, Response.released.is_(False)
    )
    return bool(db.session.scalar(sa.select(waiting)))


def releases_of(round_: Round) -> Releases:
    rows = (
        sa.select(StoredRelease.number, StoredRelease.respondents, StoredRelease.made_at)
        .where(*_of(round_))
        .order_by(StoredRelease.number.desc())
    )
    found = tuple(ReleaseRow(**row._mapping) for row in db.session.execute(rows))
    shows = not round_.is_open and bool(found) and found[0].respondents > 0
    return Releases(
        rows=found,
        reopenings=tuple(reopenings_of(round_)),
        waiting=shows and _some_wait(round_),
        may_reopen=not round_.is_open and not round_.is_from_a_file and is_latest(round_),
    )


def release_numbered(round_: Round, number: int) -> StoredRelease | None:
    return db.session.scalar(
        sa.select(StoredRelease).where(
            StoredRelease.coalition_id == round_.coalition_id,
            StoredRelease.round_id == round_.id,
            StoredRelease.number == number,
        )
    )


def releases_before(round_: Round, most: int) -> list[tuple[Round, StoredRelease]]:
    """Returns the newest releases of the rounds closed before this one that show something, latest first.

    They are of the same kind: what members said and then anyone said is not a change.
    """
    return _shown(round_, Round.closed_at < round_.closed_at, of_kind(round_), most=most)


def releases_of_the_other_kind(round_: Round, most: int) -> list[tuple[Round, StoredRelease]]:
    """Returns the newest releases of the rounds for anyone, or of those for members, that show something."""
    return _shown(round_, sa.not_(of_kind(round_)), most=most)


def _shown(round_: Round, *where: sa.ColumnElement[bool], most: int) -> list[tuple[Round, StoredRelease]]:
    rows = (
        sa.select(Round, StoredRelease)
        .join(StoredRelease, along(StoredRelease.round_id, Round))
        .where(
            Round.coalition_id == round_.coalition_id,
            Round.closed_at.is_not(None),
            *where,
            StoredRelease.number == NEWEST_RELEASE,
            StoredRelease.respondents > 0,
        )
        .order_by(Round.closed_at.desc(), Round.id.desc())
        .limit(most)
    )
    return [(round_, stored) for round_, stored in db.session.execute(rows)]


def notes_of(round_: Round, keys: Sequence[str]) -> dict[str, list[str]]:
    """Returns the notes that a round's releases show, by indicator, without name or sector.

    The caller decides who may see them. Each indicator's notes are shuffled separately each time; in a common
    order, the first notes of all indicators would be one person's.
    """
    rows = (
        sa.select(Answer.indicator, Answer.note)
        .join(Response, along(Answer.response_id, Response))
        .where(
            Response.coalition_id == round_.coalition_id,
            Response.round_id == round_.id,
            Answer.indicator.in_(keys),
            Answer.note_released,
        )
    )
    found: dict[str, list[str]] = {}
    for key, note in db.session.execute(rows):
        found.setdefault(key, []).append(note)
    for notes in found.values():
        random.SystemRandom().shuffle(notes)
    return found


class ReleasedGap(Struct, frozen=True):
    """One of the lowest indicators of a round; `value` is 0 to 4."""

    key: str
    area: str
    title: str
    value: float
    word: ResultWord


class LatestResults(Struct, frozen=True):
    """A summary of the last closed round. Areas are given by their names.

    `respondents` is 0 if fewer than k answered, and then nothing is shown.
    """

    round_id: int
    title: str
    closed_at: datetime
    respondents: int
    weakest: str | None
    strongest: str | None
    gaps: tuple[ReleasedGap, ...]


def _latest(membership: Membership) -> tuple[Round, StoredRelease, Release] | None:
    """Returns the last closed round that leads, its newest release, and its results with the agreed values."""
    rows = (
        sa.select(Round, StoredRelease)
        .join(StoredRelease, along(StoredRelease.round_id, Round))
        .where(
            Round.coalition_id == membership.coalition_id,
            Round.closed_at.is_not(None),
            sa.not_(IS_BESIDE),
        )
        .order_by(Round.closed_at.desc(), Round.id.desc(), StoredRelease.number.desc())
        .limit(1)
    )
    row = db.session.execute(rows).first()
    if row is None:
        return None
    round_, stored = row
    values = {key: each.value for key, each in agreed_of(round_).items()}
    return round_, stored, with_agreed(Release.from_json(stored.results), values)


def latest_shown(membership: Membership) -> tuple[Round, Release] | None:
    """Returns the last closed round and its results, for people who may see its indicators."""
    latest = _latest(membership)
    return (latest[0], latest[2]) if latest is not None else None


def latest_results(membership: Membership, gaps: int = 3) -> LatestResults | None:
    """Returns the last closed round's results; a viewer gets its areas but no indicators."""
    latest = _latest(membership)
    if latest is None:
        return None
    round_, stored, release = latest
    assert round_.closed_at is not None
    questions = as_read(round_.questions)
    names = {area.key: area.name for area in questions.areas}
    weakest, strongest = lowest_area(release), highest_area(release)
    rows = biggest_gaps(release, gaps) if may(membership.role, Permission.SEE_ALL) else []
    found = []
    for line in rows:
        pair = questions.find(line.key)
        if pair is not None and line.value is not None and line.word is not None:
            found.append(ReleasedGap(line.key, pair[0].key, pair[1].title, line.value, line.word))
    return LatestResults(
        round_id=round_.id,
        title=round_.title,
        closed_at=round_.closed_at,
        respondents=stored.respondents,
        weakest=names[weakest.key] if weakest else None,
        strongest=names[strongest.key] if strongest else None,
        gaps=tuple(found),
    )


class AreaCount(Struct, frozen=True):
    """The number of an area's statements that apply, and for how many of them a release shows a value for All."""

    applicable: int
    shown: int


class RoundCounts(Struct, frozen=True):
    """The numbers of a round from its newest release.

    They are how many people answered, from how many sectors, and how much is shown of each area.
    """

    is_closed: bool
    people: int
    sectors: int
    areas: tuple[AreaCount, ...]


def round_counts(coalition_id: int) -> list[RoundCounts]:
    """Returns the numbers of every round, first opened first. Counts of answers come only from releases."""
    # A response that no release has counted must not change the number of sectors.
    of_rounds = (
        sa.select(Response.round_id, sa.func.count(Response.sector.distinct()).label("sectors"))
        .where(Response.coalition_id == coalition_id, Response.submitted, Response.released)
        .group_by(Response.round_id)
    )
    sectors = {row.round_id: row.sectors for row in db.session.execute(of_rounds)}
    newest = sa.and_(along(StoredRelease.round_id, Round), StoredRelease.number == NEWEST_RELEASE)
    rows = (
        sa.select(
            Round.id,
            Round.closed_at.is_not(None),
            StoredRelease.respondents,
            sa.cast(StoredRelease.results, sa.Text),
        )
        .outerjoin(StoredRelease, newest)
        .where(Round.coalition_id == coalition_id)
        .order_by(Round.opened_at, Round.id)
    )
    return [
        RoundCounts(is_closed, people, sectors.get(key, 0), _area_counts(results))
        if people
        else RoundCounts(is_closed, 0, 0, ())
        for key, is_closed, people, results in db.session.execute(rows)
    ]


@lru_cache(maxsize=64)
def _area_counts(stored: str) -> tuple[AreaCount, ...]:
    """Returns the counts of areas. The stored text is the cache key, so the cache cannot be stale."""
    return tuple(
        AreaCount(
            area.applicable, sum(row.all is not None or row.dont_know is not None for row in area.indicators)
        )
        for area in Release.from_json(json.loads(stored)).areas
    )
