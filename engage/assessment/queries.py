"""Reads of the community assessment, owner first. Nothing here gives one person's answers to another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer

from engage import clock
from engage.assessment.closing import with_agreed
from engage.assessment.findings import biggest_gaps, highest_area, lowest_area
from engage.assessment.models import (
    AgreedValue,
    Answer,
    Participant,
    Reopening,
    Response,
    Round,
    StoredRelease,
    TalkingPoint,
)
from engage.assessment.questions import QuestionSet, stored_questions
from engage.assessment.releases import Release, Word
from engage.assessment.rules import (
    Asked,
    Progress,
    RoundState,
    Standing,
    round_state,
    standing,
    whole_progress,
)
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.extensions import db


def state_of(round_: Round, membership: Membership) -> RoundState:
    """Where the round stands today, where the coalition is."""
    today = clock.today(membership.coalition.time_zone)
    return round_state(None if round_.is_open else round_.closed_at, round_.closes_on, today)


def takes_answers() -> sa.ColumnElement[bool]:
    """The condition under which a round is open, for the first time or again."""
    return sa.or_(Round.closed_at.is_(None), Round.reopened_at.is_not(None))


# Built once: building a statement takes longer than running it, and every answer asks these.
_IN: sa.BindParameter[int] = sa.bindparam("coalition_id")
_ROUND = sa.select(Round).where(Round.coalition_id == _IN, Round.id == sa.bindparam("round_id"))
_ASKING = _ROUND.add_columns(sa.cast(Round.questions, sa.Text)).options(defer(Round.questions))
_OWN_RESPONSE = sa.select(Response).where(
    Response.coalition_id == _IN,
    Response.round_id == sa.bindparam("round_id"),
    Response.respondent_id == sa.bindparam("respondent_id"),
)
_OWN_OPEN_RESPONSE = (
    _OWN_RESPONSE.join(Round, Round.id == Response.round_id)
    .where(takes_answers())
    .with_for_update(read=True, of=Round)
)
_ANSWERED_KEYS = sa.select(Answer.indicator).where(
    Answer.coalition_id == _IN, Answer.response_id == sa.bindparam("response_id")
)


def round_of(membership: Membership, round_id: int) -> Round | None:
    return db.session.scalar(_ROUND, {"coalition_id": membership.coalition_id, "round_id": round_id})


def asking(membership: Membership, round_id: int) -> tuple[Round, QuestionSet] | None:
    """A round and what it asks, without reading its questions anew for every answer."""
    row = db.session.execute(
        _ASKING, {"coalition_id": membership.coalition_id, "round_id": round_id}
    ).one_or_none()
    return None if row is None else (row[0], stored_questions(row[1]))


def open_round(membership: Membership) -> Round | None:
    """The one round that takes answers."""
    return db.session.scalar(
        sa.select(Round).where(Round.coalition_id == membership.coalition_id, takes_answers())
    )


def is_over(round_: Round, membership: Membership) -> bool:
    """Whether the last day has passed while the round still takes answers."""
    return state_of(round_, membership) is RoundState.OVER


@dataclass(frozen=True, slots=True)
class Reopened:
    """When a round was opened again, by whom and why."""

    at: datetime
    by: str | None
    reason: str


def reopenings_of(round_: Round) -> list[Reopened]:
    """The latest first."""
    rows = (
        sa.select(Reopening.reopened_at, Membership.name, Reopening.reason)
        .outerjoin(Membership, Membership.id == Reopening.reopened_by_id)
        .where(Reopening.coalition_id == round_.coalition_id, Reopening.round_id == round_.id)
        .order_by(Reopening.id.desc())
    )
    return [Reopened(*row) for row in db.session.execute(rows)]


def is_latest(round_: Round) -> bool:
    """Whether no later round of the coalition exists."""
    later = sa.exists().where(
        Round.coalition_id == round_.coalition_id,
        Round.id != round_.id,
        Round.opened_at > round_.opened_at,
    )
    return not db.session.scalar(sa.select(later))


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """A line of the list of rounds. `respondents` is 0 where fewer than k answered; `is_open` says that the
    round takes answers again, and what is shown is of its last closing."""

    id: int
    title: str
    k: int
    closed_at: datetime
    is_open: bool
    respondents: int


def closed_rounds(membership: Membership) -> list[ClosedRound]:
    """The latest first, each with the newest of its releases."""
    newest = (
        sa.select(sa.func.max(StoredRelease.number))
        .where(StoredRelease.round_id == Round.id)
        .correlate(Round)
        .scalar_subquery()
    )
    rows = (
        sa.select(Round, StoredRelease.respondents)
        .options(defer(Round.questions))
        .join(StoredRelease, StoredRelease.round_id == Round.id)
        .where(
            Round.coalition_id == membership.coalition_id,
            Round.closed_at.is_not(None),
            StoredRelease.number == newest,
        )
        .order_by(Round.closed_at.desc(), Round.id.desc())
    )
    return [
        ClosedRound(row.id, row.title, row.k, row.closed_at, row.is_open, respondents)
        for row, respondents in db.session.execute(rows)
        if row.closed_at is not None
    ]


def own_response(membership: Membership, round_: Round) -> Response | None:
    """This person's own response, nobody else's."""
    return db.session.scalar(_OWN_RESPONSE, _own(membership, round_))


def own_open_response(membership: Membership, round_: Round) -> Response | None:
    """The same while the round takes answers, which it then does until the commit."""
    return db.session.scalar(_OWN_OPEN_RESPONSE, _own(membership, round_))


def _own(membership: Membership, round_: Round) -> dict[str, int]:
    return {
        "coalition_id": membership.coalition_id,
        "round_id": round_.id,
        "respondent_id": membership.id,
    }


def standing_of(membership: Membership, round_: Round, response: Response | None) -> Standing:
    """This person's part in the round; `response` is their own."""
    took_part = db.session.scalar(
        sa.select(Participant.took_part).where(
            Participant.coalition_id == membership.coalition_id,
            Participant.round_id == round_.id,
            Participant.membership_id == membership.id,
        )
    )
    return standing(
        is_asked=round_.asked is Asked.EVERYONE or took_part is not None,
        took_part=bool(took_part),
        submitted=response.submitted if response is not None else None,
    )


def answers_of(response: Response, keys: Sequence[str] | None = None) -> dict[str, Answer]:
    """The response's answers by indicator: all, or those of `keys`."""
    rows = sa.select(Answer).where(
        Answer.coalition_id == response.coalition_id, Answer.response_id == response.id
    )
    if keys is not None:
        rows = rows.where(Answer.indicator.in_(keys))
    return {answer.indicator: answer for answer in db.session.scalars(rows)}


def answered_keys(response: Response) -> set[str]:
    mine = {"coalition_id": response.coalition_id, "response_id": response.id}
    return set(db.session.scalars(_ANSWERED_KEYS, mine))


def release_of(round_: Round) -> StoredRelease | None:
    """The newest release of a closed round."""
    return db.session.scalar(
        sa.select(StoredRelease)
        .where(StoredRelease.coalition_id == round_.coalition_id, StoredRelease.round_id == round_.id)
        .order_by(StoredRelease.number.desc())
        .limit(1)
    )


def agreed_row(round_: Round, indicator: str) -> AgreedValue | None:
    """An indicator's agreed value with its version, also where it was taken back."""
    return db.session.scalar(
        sa.select(AgreedValue).where(
            AgreedValue.coalition_id == round_.coalition_id,
            AgreedValue.round_id == round_.id,
            AgreedValue.indicator == indicator,
        )
    )


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release as a line of the list; `respondents` is 0 where fewer than k had answered."""

    number: int
    respondents: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Releases:
    """A round's releases, the newest first. `waiting` says that people have answered whom none counts yet,
    and never how many; `may_reopen` that no later round stands in the way."""

    rows: tuple[ReleaseRow, ...]
    waiting: bool
    may_reopen: bool


def releases_of(round_: Round) -> Releases:
    rows = (
        sa.select(StoredRelease.number, StoredRelease.respondents, StoredRelease.made_at)
        .where(StoredRelease.coalition_id == round_.coalition_id, StoredRelease.round_id == round_.id)
        .order_by(StoredRelease.number.desc())
    )
    found = tuple(ReleaseRow(*row) for row in db.session.execute(rows))
    uncounted = sa.exists().where(
        Response.round_id == round_.id, Response.submitted, Response.released.is_(False)
    )
    shows = not round_.is_open and bool(found) and found[0].respondents > 0
    return Releases(
        rows=found,
        waiting=shows and bool(db.session.scalar(sa.select(uncounted))),
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


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the group settled on for an indicator: 0 to 4 in halves, why, when, and who wrote it down."""

    value: float
    reason: str
    agreed_on: date
    set_by: str | None


_AGREED = (
    sa.select(
        AgreedValue.round_id,
        AgreedValue.indicator,
        AgreedValue.value,
        AgreedValue.reason,
        AgreedValue.agreed_on,
        Membership.name,
    )
    .outerjoin(Membership, Membership.id == AgreedValue.set_by_id)
    .where(
        AgreedValue.round_id.in_(sa.bindparam("rounds", expanding=True)),
        AgreedValue.value.is_not(None),
    )
)


def agreed_of(round_: Round) -> dict[str, Agreed]:
    """A round's agreed values by indicator."""
    return agreed_in([round_]).get(round_.id, {})


def agreed_in(rounds: Sequence[Round]) -> dict[int, dict[str, Agreed]]:
    """The agreed values of several rounds, by the round's id and by indicator."""
    found: dict[int, dict[str, Agreed]] = {}
    for row in db.session.execute(_AGREED, {"rounds": [round_.id for round_ in rounds]}):
        agreed = Agreed(row.value, row.reason, row.agreed_on, row.name)
        found.setdefault(row.round_id, {})[row.indicator] = agreed
    return found


def newest_release(round_: Round) -> Release | None:
    """What a closed round shows with its agreed values: the one number of an indicator that all features use.

    `row.value` is the agreed value or the median of All, `row.all.value` the median beside it.
    """
    stored = release_of(round_)
    if stored is None:
        return None
    return _agreed(round_, Release.from_json(stored.results))


def _agreed(round_: Round, release: Release) -> Release:
    return with_agreed(release, {key: agreed.value for key, agreed in agreed_of(round_).items()})


def releases_before(round_: Round, most: int) -> list[tuple[Round, StoredRelease]]:
    """The newest releases of the rounds that were closed before this one and show something, latest first."""
    newest = sa.select(sa.func.max(StoredRelease.number)).where(StoredRelease.round_id == Round.id)
    rows = (
        sa.select(Round, StoredRelease)
        .join(StoredRelease, StoredRelease.round_id == Round.id)
        .where(
            Round.coalition_id == round_.coalition_id,
            Round.closed_at < round_.closed_at,
            StoredRelease.number == newest.correlate(Round).scalar_subquery(),
            StoredRelease.respondents > 0,
        )
        .order_by(Round.closed_at.desc(), Round.id.desc())
        .limit(most)
    )
    return [(earlier, stored) for earlier, stored in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class ToTalkAbout:
    """An indicator that somebody wants to talk about. Area and title are the round's own words."""

    round_id: int
    round_title: str
    indicator: str
    area: str
    title: str
    added_by_id: int | None
    added_by: str | None


def talking_points(membership: Membership) -> list[ToTalkAbout]:
    """What the next meeting is asked to talk about: the latest round first, in the order of its questions."""
    marks = _marks(TalkingPoint.coalition_id == membership.coalition_id)
    rounds = sa.select(Round).where(Round.coalition_id == membership.coalition_id, Round.id.in_(marks))
    found = []
    for round_ in db.session.scalars(rounds.order_by(Round.closed_at.desc(), Round.id.desc())):
        of_round = marks[round_.id]
        for area in QuestionSet.from_json(round_.questions).areas:
            for each in area.questions:
                if (mark := of_round.get(each.key)) is not None:
                    title = round_.title
                    found.append(ToTalkAbout(round_.id, title, each.key, area.name, each.title, *mark))
    return found


Mark = tuple[int | None, str | None]


def to_talk_about(round_: Round) -> dict[str, Mark]:
    """Who put an indicator of this round on the talking list, as (membership id, name), by indicator."""
    return _marks(TalkingPoint.round_id == round_.id).get(round_.id, {})


def _marks(*where: sa.ColumnElement[bool]) -> dict[int, dict[str, Mark]]:
    rows = (
        sa.select(TalkingPoint.round_id, TalkingPoint.indicator, TalkingPoint.added_by_id, Membership.name)
        .outerjoin(Membership, Membership.id == TalkingPoint.added_by_id)
        .where(*where)
    )
    found: dict[int, dict[str, Mark]] = {}
    for round_id, indicator, added_by_id, name in db.session.execute(rows):
        found.setdefault(round_id, {})[indicator] = (added_by_id, name)
    return found


def notes_of(round_: Round, keys: Sequence[str]) -> dict[str, list[str]]:
    """The notes that a round's releases show, by indicator, without name or sector. Who may see them is for
    the caller to decide.

    Each indicator's are mixed by themselves at every reading: in one order, the first notes of all indicators
    would be one person's.
    """
    rows = (
        sa.select(Answer.indicator, Answer.note)
        .join(Response, Response.id == Answer.response_id)
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


@dataclass(frozen=True, slots=True)
class OpenRound:
    """The open round as one person sees it: what waits for them. Who took part before it was opened again
    has submitted, and cannot change anything any more."""

    id: int
    title: str
    closes_on: date | None
    is_over: bool
    started: bool
    submitted: bool
    took_part: bool
    progress: Progress


def open_round_for(membership: Membership) -> OpenRound | None:
    """The open round and how far this person is in it; nothing for whoever it does not ask."""
    round_ = open_round(membership) if may(membership.role, Permission.ANSWER) else None
    if round_ is None:
        return None
    response = own_response(membership, round_)
    standing = standing_of(membership, round_, response)
    if standing is Standing.NOT_ASKED:
        return None
    answered = answered_keys(response) if response else set()
    return OpenRound(
        id=round_.id,
        title=round_.title,
        closes_on=round_.closes_on,
        is_over=state_of(round_, membership) is RoundState.OVER,
        started=standing is not Standing.NOT_STARTED,
        submitted=standing in {Standing.FINISHED, Standing.COUNTED},
        took_part=standing is Standing.COUNTED,
        progress=whole_progress(QuestionSet.from_json(round_.questions).for_rules, answered),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """One of the lowest indicators of a round; `value` is 0 to 4."""

    key: str
    area: str
    title: str
    value: float
    word: Word


@dataclass(frozen=True, slots=True)
class LatestResults:
    """The last closed round in a few words. `respondents` is 0 where fewer than k answered: then nothing
    is shown. Areas are given by name."""

    round_id: int
    title: str
    closed_at: datetime
    respondents: int
    weakest: str | None
    strongest: str | None
    gaps: tuple[Gap, ...]


_LATEST = (
    sa.select(Round, StoredRelease)
    .join(StoredRelease, StoredRelease.round_id == Round.id)
    .where(Round.coalition_id == sa.bindparam("coalition_id"), Round.closed_at.is_not(None))
    .order_by(Round.closed_at.desc(), Round.id.desc(), StoredRelease.number.desc())
    .limit(1)
)


def latest_results(membership: Membership, gaps: int = 3) -> LatestResults | None:
    """The last closed round's result; a viewer gets its areas and no indicators."""
    row = db.session.execute(_LATEST, {"coalition_id": membership.coalition_id}).first()
    if row is None:
        return None
    round_, stored = row
    assert round_.closed_at is not None
    release = _agreed(round_, Release.from_json(stored.results))
    questions = QuestionSet.from_json(round_.questions)
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


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """How many submitted, from how many sectors, and which indicators somebody answered."""

    is_closed: bool
    people: int
    sectors: int
    answered: frozenset[str]


# Built once: building a statement takes longer than running it, and every home asks these.
_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
# After the first closing, what no release has counted says nothing, not even by how much it changes these.
_COUNTS = sa.or_(Round.closed_at.is_(None), Response.released)
_HEADS = (
    sa.select(
        Round.id,
        Round.closed_at.is_not(None),
        Round.k,
        sa.func.count(Response.id),
        sa.func.count(Response.sector.distinct()),
    )
    .outerjoin(Response, sa.and_(Response.round_id == Round.id, Response.submitted, _COUNTS))
    .where(Round.coalition_id == _HERE)
    .group_by(Round.id, Round.closed_at, Round.k, Round.opened_at)
    .order_by(Round.opened_at, Round.id)
)
_ANSWERED = (
    sa.select(Response.round_id, Answer.indicator)
    .join(Answer, Answer.response_id == Response.id)
    .join(Round, Round.id == Response.round_id)
    .where(Response.coalition_id == _HERE, Response.submitted, _COUNTS)
    .distinct()
)


def round_counts(coalition_id: int) -> list[RoundCounts]:
    """Of every round, in the order in which they were opened.

    Fewer than k respondents say nothing but how many they are, and in a closed round not even that.
    """
    answered: dict[int, set[str]] = {}
    for round_id, indicator in db.session.execute(_ANSWERED, {"coalition_id": coalition_id}):
        answered.setdefault(round_id, set()).add(indicator)
    return [
        RoundCounts(is_closed, 0 if is_closed else people, 0, frozenset())
        if people < k
        else RoundCounts(is_closed, people, sectors, frozenset(answered.get(round_id, ())))
        for round_id, is_closed, k, people, sectors in db.session.execute(
            _HEADS, {"coalition_id": coalition_id}
        )
    ]
