"""Reads what the closings of a round released: its releases, the notes, and the latest results in a few words."""

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
from engage.assessment.queries import NEWEST_RELEASE, Reopened, is_latest, reopenings_of
from engage.assessment.results.queries.agreed import agreed_of
from engage.assessment.results.rules.closing import with_agreed
from engage.assessment.results.rules.findings import biggest_gaps, highest_area, lowest_area
from engage.assessment.results.rules.releases import Release, Word
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.extensions import db

# These are built once, because the page of a round's results runs them all.
_OF_ROUND = (
    StoredRelease.coalition_id == sa.bindparam("coalition_id"),
    StoredRelease.round_id == sa.bindparam("round_id"),
)
_NEWEST_OF_ROUND = sa.select(StoredRelease).where(*_OF_ROUND).order_by(StoredRelease.number.desc()).limit(1)
_RELEASES = (
    sa.select(StoredRelease.number, StoredRelease.respondents, StoredRelease.made_at)
    .where(*_OF_ROUND)
    .order_by(StoredRelease.number.desc())
)
_IS_WAITING = sa.select(
    sa.exists().where(
        Response.round_id == sa.bindparam("round_id"), Response.submitted, Response.released.is_(False)
    )
)


def release_of(round_: Round) -> StoredRelease | None:
    """Returns the newest release of a closed round."""
    return db.session.scalar(_NEWEST_OF_ROUND, {"coalition_id": round_.coalition_id, "round_id": round_.id})


class ReleaseRow(Struct, frozen=True):
    """A release as a line of the list; `respondents` is 0 if fewer than k had answered."""

    number: int
    respondents: int
    made_at: datetime


class Releases(Struct, frozen=True):
    """A round's releases, newest first.

    `waiting` says that some answers are not counted yet, but never how many. `may_reopen` says that no later
    round exists. `reopenings` are for coordinators.
    """

    rows: tuple[ReleaseRow, ...]
    reopenings: tuple[Reopened, ...]
    waiting: bool
    may_reopen: bool


def releases_of(round_: Round) -> Releases:
    asked = {"coalition_id": round_.coalition_id, "round_id": round_.id}
    found = tuple(ReleaseRow(*row) for row in db.session.execute(_RELEASES, asked))
    shows = not round_.is_open and bool(found) and found[0].respondents > 0
    return Releases(
        rows=found,
        reopenings=tuple(reopenings_of(round_)),
        waiting=shows and bool(db.session.scalar(_IS_WAITING, {"round_id": round_.id})),
        may_reopen=not round_.is_open and is_latest(round_),
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
    """Returns the newest releases of the rounds closed before this one that show something, latest first."""
    rows = (
        sa.select(Round, StoredRelease)
        .join(StoredRelease, along(StoredRelease.round_id, Round))
        .where(
            Round.coalition_id == round_.coalition_id,
            Round.closed_at < round_.closed_at,
            StoredRelease.number == NEWEST_RELEASE,
            StoredRelease.respondents > 0,
        )
        .order_by(Round.closed_at.desc(), Round.id.desc())
        .limit(most)
    )
    return [(earlier, stored) for earlier, stored in db.session.execute(rows)]


def notes_of(round_: Round, keys: Sequence[str]) -> dict[str, list[str]]:
    """Returns the notes that a round's releases show, by indicator, without name or sector.

    The caller decides who may see them. Each indicator's notes are shuffled separately at every reading; in a
    common order, the first notes of all indicators would come from one person.
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


class Gap(Struct, frozen=True):
    """One of the lowest indicators of a round; `value` is 0 to 4."""

    key: str
    area: str
    title: str
    value: float
    word: Word


class LatestResults(Struct, frozen=True):
    """The last closed round in a few words. Areas are given by their names.

    `respondents` is 0 if fewer than k answered, and then nothing is shown.
    """

    round_id: int
    title: str
    closed_at: datetime
    respondents: int
    weakest: str | None
    strongest: str | None
    gaps: tuple[Gap, ...]


_LATEST = (
    sa.select(Round, StoredRelease)
    .join(StoredRelease, along(StoredRelease.round_id, Round))
    .where(Round.coalition_id == sa.bindparam("coalition_id"), Round.closed_at.is_not(None))
    .order_by(Round.closed_at.desc(), Round.id.desc(), StoredRelease.number.desc())
    .limit(1)
)


def _latest(membership: Membership) -> tuple[Round, StoredRelease, Release] | None:
    """Returns the last closed round, its newest release, and its results with the agreed values."""
    row = db.session.execute(_LATEST, {"coalition_id": membership.coalition_id}).first()
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
            found.append(Gap(line.key, pair[0].key, pair[1].title, line.value, line.word))
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
    """The number of an area's statements that apply, and the number for which a release shows a value for All."""

    applicable: int
    shown: int


class RoundCounts(Struct, frozen=True):
    """The numbers of a round by its newest release.

    They are how many people answered, from how many sectors, and what it shows of each area.
    """

    is_closed: bool
    people: int
    sectors: int
    areas: tuple[AreaCount, ...]


# These are built once, because building a statement takes longer than running it and every home page runs them.
_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_HEADS = (
    sa.select(
        Round.id,
        Round.closed_at.is_not(None),
        StoredRelease.respondents,
        sa.cast(StoredRelease.results, sa.Text),
    )
    .outerjoin(
        StoredRelease,
        sa.and_(along(StoredRelease.round_id, Round), StoredRelease.number == NEWEST_RELEASE),
    )
    .where(Round.coalition_id == _HERE)
    .order_by(Round.opened_at, Round.id)
)
# A response that no release has counted must not change this number.
_SECTORS = (
    sa.select(Response.round_id, sa.func.count(Response.sector.distinct()))
    .where(Response.coalition_id == _HERE, Response.submitted, Response.released)
    .group_by(Response.round_id)
)


def round_counts(coalition_id: int) -> list[RoundCounts]:
    """Counts every round in the order in which they were opened. Counts of answers come only from releases."""
    here = {"coalition_id": coalition_id}
    sectors = {row.round_id: row[1] for row in db.session.execute(_SECTORS, here)}
    return [
        RoundCounts(is_closed, people, sectors.get(key, 0), _area_counts(results))
        if people
        else RoundCounts(is_closed, 0, 0, ())
        for key, is_closed, people, results in db.session.execute(_HEADS, here)
    ]


@lru_cache(maxsize=64)
def _area_counts(stored: str) -> tuple[AreaCount, ...]:
    """Returns the counts; they are cached by the stored text, so they cannot be stale."""
    return tuple(
        AreaCount(
            area.applicable, sum(row.all is not None or row.dont_know is not None for row in area.indicators)
        )
        for area in Release.from_json(json.loads(stored)).areas
    )
