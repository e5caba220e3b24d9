"""Compares a file of answers with what was brought in before, and brings it in.

Its answers count as those of an open link: that is what such forms were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import clock, history, tokens
from engage.assessment.imports import queries, rules
from engage.assessment.imports.queries import BroughtIn, TakenBack
from engage.assessment.imports.rules import FileRow, Told
from engage.assessment.imports.target import ID, SECTOR, TIME, AnswersTarget
from engage.assessment.languages import in_all_languages
from engage.assessment.models import Answer, AnswersImport, Guest, Response, Round
from engage.assessment.questions import QuestionSet
from engage.assessment.results.rules.releases import Release
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Asked, ChannelKind, RoundState, Said
from engage.assessment.rules import BroughtIn as Mark
from engage.assessment.service import RoundIsClosed, hold_open
from engage.coalitions import service as coalitions
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.database import text_is_gone
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.imports.lines import ImportLine
from engage.imports.preview import ImportProblem, Outcome, Preview, PreviewRow, doubtful


class Survey(Struct, frozen=True):
    """Where a file goes: into an open round, or into a round of its own with a title and a last day."""

    round_id: int | None
    title: str
    ended_on: date | None


class PlannedResponse(Struct, frozen=True):
    """A row of the file with its answers; `name` is the hash that tells it from others."""

    row: PreviewRow
    name: str
    sector: str
    said: dict[str, Said]


class AnswersComparison:
    """What would happen to each row of a file."""

    def __init__(
        self,
        here: BroughtIn,
        lines: Iterable[ImportLine],
        target: AnswersTarget,
        survey: Survey,
        chosen: Mapping[str, str],
        words: Mapping[str, str],
    ) -> None:
        self.here, self.target, self.survey = here, target, survey
        # What the names of columns and the words mean, by their hashes, for the next file.
        self.columns, self.words = chosen, words
        lines = list(lines)
        told = rules.told_apart([self._file_row(line) for line in lines])
        self.planned = [self._plan(line, told[line.number]) for line in lines]

    @cached_property
    def preview(self) -> Preview:
        return Preview(each.row for each in self.planned)

    @property
    def asked(self) -> QuestionSet:
        """Returns the questions that the file answers."""
        answered = {key for each in self.planned for key in each.said}
        return self.target.questions.without(self.target.statements.keys() - answered)

    def _file_row(self, line: ImportLine) -> FileRow:
        read = sorted((key, value) for key, value in line.values.items() if key not in {ID, TIME})
        answers = f"{self.survey.ended_on} {read}"
        time_said = rules.moment(str(line.values.get(TIME, "")))
        return FileRow(line.number, str(line.values.get(ID, "")), time_said, answers)

    def _plan(self, line: ImportLine, told: Told) -> PlannedResponse:
        target, notes = self.target, 0
        said: dict[str, Said] = {}
        for key, each in target.statements.items():
            if isinstance(keys := line.values.get(key), tuple):
                said[key] = Said(each.answer(keys), str(line.values.get(target.note_of(key), "")))
            else:
                notes += target.note_of(key) in line.values
        name = _hashed(told.name)
        outcome, problems = Outcome.NEW, list(line.problems)
        words = _("%(said)s of %(asked)s answered", said=len(said), asked=len(self._columns))
        if notes:
            lost = ngettext(
                "%(num)s comment has no answer and is left out",
                "%(num)s comments have no answer and are left out",
                notes,
            )
            words = f"{words}; {lost}"
        if told.replaced_by is not None:
            outcome, words = Outcome.SAME, _("Row %(row)s has the edited answers", row=told.replaced_by)
        elif told.doubted is not None:
            message = _(
                "Row %(row)s has the same ID at another time. If both are one person, delete the older row in the "
                "file; if not, give them different IDs.",
                row=told.doubted,
            )
            problems.append(ImportProblem(target.field(ID).label, "", message))
        elif not said and not problems:
            problems.append(ImportProblem(_("Answers"), "", _("No statement is answered in this row.")))
        if problems:
            outcome = Outcome.WRONG
        elif outcome is Outcome.NEW and name in self.here.rows:
            is_there = self.survey.round_id is not None and self.here.rows[name] == self.survey.round_id
            outcome = Outcome.CHANGED if is_there else Outcome.SAME
        notes_said = {target.note_of(key): each.note for key, each in said.items() if each.note}
        found = doubtful(target, notes_said) if outcome in {Outcome.NEW, Outcome.CHANGED} else ()
        row = PreviewRow(line.number, words, outcome, problems=tuple(problems), found=found)
        return PlannedResponse(row, name, str(line.values.get(SECTOR, rounds_service.UNKNOWN_SECTOR)), said)

    @cached_property
    def _columns(self) -> list[str]:
        return [key for key in self.columns.values() if key in self.target.statements]

    @cached_property
    def taken(self) -> list[PlannedResponse]:
        """Returns the rows to bring in."""
        return [each for each in self.planned if each.row.outcome in {Outcome.NEW, Outcome.CHANGED}]

    @cached_property
    def crowd(self) -> str:
        """Returns a hash of who answered what, without the ratings."""
        kinds = [
            (each.name, each.sector, sorted((key, str(said.answer.kind)) for key, said in each.said.items()))
            for each in self.taken
        ]
        return hashlib.sha256(repr(sorted(kinds)).encode()).hexdigest()


def _hashed(name: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], "row of answers", name)[:24]


def write(actor: Membership, comparison: AnswersComparison) -> Round:
    """Brings in the compared rows, into an open round or into a closed one of their own, and returns that round.

    Raises StaleVersion, with nothing written, if others brought in answers or closed the round in between. Raises
    WrongState if results of these very rows were seen before, and together they would tell people apart.
    """
    coalitions.lock(actor.coalition_id)
    if queries.brought_in(actor) != comparison.here:
        raise StaleVersion
    seen = _seen_before(comparison)
    made_round = comparison.survey.round_id is None
    round_ = _round_of_its_own(actor, comparison) if made_round else _open_round(actor, comparison)
    _replace_earlier(round_, comparison)
    _insert(round_, comparison.taken)
    round_.brought_in = Mark.ALL if made_round else Mark.SOME
    db.session.add(
        AnswersImport(
            coalition_id=actor.coalition_id,
            round_id=round_.id,
            made_round=made_round,
            rows=sorted(each.name for each in comparison.taken),
            crowd=comparison.crowd,
            columns=dict(comparison.columns),
            words=dict(comparison.words),
            brought_by_id=actor.id,
            brought_at=clock.now(),
        )
    )
    db.session.flush()
    if made_round:
        _release(actor, round_, comparison, seen)
    elif seen is not None:
        raise WrongState(
            _(
                "Results of these answers were shown before they were removed. Bring the answers in again "
                "as a separate closed round."
            )
        )
    audit_service.record(actor, AuditEvent.IMPORTED, round_, number=len(comparison.taken))
    return round_


def _seen_before(comparison: AnswersComparison) -> TakenBack | None:
    """Returns the latest import of some of these rows that was taken back after its results were shown."""
    names = {each.name for each in comparison.taken}
    return next((each for each in reversed(comparison.here.taken_back) if each.rows & names), None)


def _open_round(actor: Membership, comparison: AnswersComparison) -> Round:
    round_ = queries.open_for_anyone(actor)
    if round_ is None or round_.id != comparison.survey.round_id:
        raise StaleVersion
    try:
        hold_open(round_, alone=True)
    except RoundIsClosed:
        raise StaleVersion from None
    return round_


def _round_of_its_own(actor: Membership, comparison: AnswersComparison) -> Round:
    survey, zone = comparison.survey, ZoneInfo(actor.coalition.time_zone)
    assert survey.ended_on is not None
    begins = datetime.combine(survey.ended_on, time(), zone)
    now = clock.now()
    round_ = Round(
        coalition_id=actor.coalition_id,
        title=rounds_service.from_a_file(survey.title, actor.coalition.language),
        asked=Asked.ANYONE,
        questions=in_all_languages(comparison.asked).to_json(),
        opened_at=min(begins, now),
        opened_by_id=actor.id,
        closes_on=survey.ended_on,
        closed_at=min(begins + timedelta(days=1, seconds=-1), now),
        brought_in=Mark.ALL,
    )
    return history.add(actor, round_, "state", new=RoundState.CLOSED)


def _release(actor: Membership, round_: Round, comparison: AnswersComparison, seen: TakenBack | None) -> None:
    """Releases the round's results. What was shown of the same rows before counts like an earlier release.

    It does not count if the same people answered the same statements: then only the ratings are read in another
    way, which is told of all of them alike.
    """
    if seen is None or seen.crowd == comparison.crowd:
        rounds_service.release_brought_in(round_, None)
        return
    before = Release.from_json(seen.shown["results"], seen.shown["sets"])
    if not rounds_service.release_brought_in(round_, before):
        raise WrongState(
            _(
                "Results of this survey were shown before it was removed. With only a few answers more or fewer, "
                "both together could reveal what one person said. Bring in the same rows and columns as before, or "
                "wait for ten more answers."
            )
        )


def _replace_earlier(round_: Round, comparison: AnswersComparison) -> None:
    """Deletes the earlier answers of rows that come again, and takes them off the imports that brought them."""
    again = {each.name for each in comparison.taken if each.row.outcome is Outcome.CHANGED}
    if not again:
        return
    delete_responses(round_, again)
    for each in imports_of(round_):
        each.rows = sorted(set(each.rows) - again)


def imports_of(round_: Round) -> list[AnswersImport]:
    of = AnswersImport.coalition_id == round_.coalition_id, AnswersImport.round_id == round_.id
    return list(db.session.scalars(sa.select(AnswersImport).where(*of)))


def delete_responses(round_: Round, names: set[str]) -> None:
    text_is_gone()
    guests = sa.select(Guest.response_id, Guest.key_hash).where(
        Guest.coalition_id == round_.coalition_id, Guest.round_id == round_.id
    )
    ids = [response_id for response_id, name in db.session.execute(guests) if name in names]
    for at in range(0, len(ids), 500):
        mine = Response.coalition_id == round_.coalition_id, Response.id.in_(ids[at : at + 500])
        db.session.execute(sa.delete(Response).where(*mine))


def _insert(round_: Round, taken: list[PlannedResponse]) -> None:
    """Writes each row as a submitted response of the open link, which no browser can open."""
    of: dict[str, object] = {"coalition_id": round_.coalition_id}
    in_round = {**of, "round_id": round_.id}
    ids = list(
        db.session.scalars(
            sa.insert(Response).returning(Response.id, sort_by_parameter_order=True),
            [{**in_round, "sector": each.sector, "submitted": True} for each in taken],
        )
    )
    pairs = list(zip(ids, taken, strict=True))
    guests = [
        {
            **in_round,
            "response_id": key,
            "kind": ChannelKind.LINK,
            "key_hash": each.name,
            "resume_hash": tokens.new_hash(),
        }
        for key, each in pairs
    ]
    db.session.execute(sa.insert(Guest), guests)
    answers = [
        {
            **of,
            "response_id": key,
            "indicator": indicator,
            "kind": said.answer.kind,
            "rating": said.answer.rating,
            "chosen": said.answer.bits,
            "note": said.note,
        }
        for key, each in pairs
        for indicator, said in each.said.items()
    ]
    db.session.execute(sa.insert(db.metadata.tables[Answer.__tablename__]), answers)
