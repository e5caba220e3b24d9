"""Opens, edits, closes and reopens a round."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.assessment import queries, rules
from engage.assessment.doors import service as doors_service
from engage.assessment.efforts.own import service as own_service
from engage.assessment.languages import in_all_languages
from engage.assessment.models import Answer, Reopening, Response, Round, StoredRelease
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.respondents import service as respondents_service
from engage.assessment.results.queries.released import release_of
from engage.assessment.results.rules import closing
from engage.assessment.results.rules.releases import OTHERS, Release
from engage.assessment.service import hold_open
from engage.coalitions import service as coalitions
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.content.model import Grouping
from engage.database import SelectedRow, along, text_is_gone
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.versions import claim_version

LANGUAGE = "en"
# This stands for a respondent whose sector is not known.
UNKNOWN_SECTOR = "other"


def open_round(
    membership: Membership,
    title: str,
    closes_on: date | None,
    k: int,
    asked: rules.Asked = rules.Asked.EVERYONE,
    questions: QuestionSet | None = None,
    *,
    no_insiders: bool = False,
) -> Round:
    """Opens a round with the current version of these questions, or with Engage's own if none are given.

    `no_insiders` leaves out questions that only insiders can answer, for a round that asks residents.

    Raises WrongState while another round is open, and FieldRefused if the questions ask nothing.
    """
    coalitions.lock(membership.coalition_id)
    if queries.open_round(membership) is not None:
        raise WrongState(_("A round is already open. Close it before you open another one."))
    questions = questions or frozen(content(LANGUAGE), LANGUAGE)
    if not questions.areas:
        raise FieldRefused("questions", _("This set asks nothing: all of its questions are hidden."))
    if no_insiders:
        questions = questions.without(content(LANGUAGE).insiders)
        if not questions.areas:
            raise FieldRefused(
                "no_insiders",
                _("Only insiders can know what this set asks. Choose another set, or keep them."),
            )
    round_ = Round(
        coalition_id=membership.coalition_id,
        title=title,
        k=k,
        asked=asked,
        questions=in_all_languages(questions).to_json(),
        opened_at=clock.now(),
        opened_by_id=membership.id,
        closes_on=closes_on,
    )
    db.session.add(round_)
    db.session.flush()
    _note(membership, round_, "state", new=rules.RoundState.OPEN)
    audit_service.record(membership, AuditEvent.ROUND_OPENED, round_)
    return round_


def change_round(
    membership: Membership,
    round_: Round,
    version: int,
    title: str,
    closes_on: date | None,
    asked: rules.Asked,
) -> None:
    """Changes title, last day and who is asked while the round is open; people who have started stay in it.

    Raises StaleVersion, and RoundIsClosed.
    """
    claim_version(round_, version)
    hold_open(round_)
    if round_.title != title:
        _note(membership, round_, "title")
    if round_.closes_on != closes_on:
        _note(membership, round_, "closes_on", old=round_.closes_on, new=closes_on)
    if round_.asked is not asked:
        _note(membership, round_, "asked", old=round_.asked, new=asked)
        if asked is rules.Asked.INVITED:
            respondents_service.keep_asking(round_)
    round_.title, round_.closes_on, round_.asked = title, closes_on, asked


def rename_round(membership: Membership, round_: Round, version: int, title: str) -> None:
    """Changes the title of a closed round. Raises StaleVersion."""
    claim_version(round_, version)
    if round_.title != title:
        _note(membership, round_, "title")
    round_.title = title


def close_round(membership: Membership, round_: Round) -> StoredRelease | None:
    """Closes the round: computes its release, and erases who answered and when.

    Responses that do not count are deleted. The release is None if a reopened round gained too few responses
    for a new release; then the earlier one stays. Raises WrongState if it was closed in between.
    """
    closed = (
        sa.update(Round)
        .where(Round.id == round_.id, queries.takes_answers())
        .values(closed_at=clock.now(), reopened_at=None, version=Round.version + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(closed).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(_("This round is already closed."))
    db.session.refresh(round_)
    respondents_service.submit_answered(round_)
    doors_service.settle(round_)
    responses, rows = _submitted(round_)
    spoken = Counter(response.language for response in responses if response.language)
    round_.by_language = dict(sorted((Counter(round_.by_language) + spoken).items()))
    stored = _release(round_, responses, rows)
    respondents_service.keep_who_took_part(round_)
    _forget_who(round_, responses, rows, bool(stored.respondents) if stored is not None else None)
    _note(membership, round_, "state", old=rules.RoundState.OPEN, new=rules.RoundState.CLOSED)
    audit_service.record(membership, AuditEvent.ROUND_CLOSED, round_)
    return stored


def reopen_round(membership: Membership, round_: Round, reason: str, closes_on: date | None) -> None:
    """Lets a closed round take answers again, from people who have not taken part. Its results stay.

    Raises WrongState if the round is not the latest, or is open.
    """
    coalitions.lock(membership.coalition_id)
    if not queries.is_latest(round_):
        raise WrongState(_("There is a later round. Only the latest round can be reopened."))
    now = clock.now()
    opened = (
        sa.update(Round)
        .where(Round.id == round_.id, Round.closed_at.is_not(None), Round.reopened_at.is_(None))
        .values(reopened_at=now, closes_on=closes_on, version=Round.version + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(opened).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(_("This round is already open."))
    db.session.refresh(round_)
    db.session.add(
        Reopening(
            coalition_id=round_.coalition_id,
            round_id=round_.id,
            reason=reason,
            reopened_by_id=membership.id,
            reopened_at=now,
        )
    )
    _note(membership, round_, "state", old=rules.RoundState.CLOSED, new=rules.RoundState.OPEN)
    audit_service.record(membership, AuditEvent.ROUND_REOPENED, round_)


def _note(membership: Membership, round_: Round, field: str, **values: history.Value) -> None:
    history.record(round_.coalition_id, membership.id, Round.__tablename__, round_.id, field, **values)


Rows = Mapping[int, list[dict[str, Any]]]


def _submitted(round_: Round) -> tuple[list[SelectedRow], Rows]:
    """Returns the submitted responses as (id, sector, released, language), and their answers by response."""
    mine = (
        Response.coalition_id == round_.coalition_id,
        Response.round_id == round_.id,
        Response.submitted.is_(True),
    )
    responses = list(
        db.session.execute(
            sa.select(Response.id, Response.sector, Response.released, Response.language).where(*mine)
        )
    )
    answers = (
        sa.select(
            Answer.response_id,
            Answer.indicator,
            Answer.kind,
            Answer.rating,
            Answer.chosen,
            Answer.note,
            Answer.note_released,
        )
        .join(Response, along(Answer.response_id, Response))
        .where(*mine)
    )
    rows: dict[int, list[dict[str, Any]]] = {}
    found = db.session.execute(answers)
    names = tuple(found.keys())
    # A large round has a hundred thousand answers, and all other writers wait while it closes.
    for answer in found:
        rows.setdefault(answer[0], []).append(dict(zip(names, answer, strict=True)))
    return responses, rows


def _release(round_: Round, responses: list[SelectedRow], rows: Rows) -> StoredRelease | None:
    """Returns the round's next release; None if the current one has to stay."""
    last = release_of(round_)
    previous = Release.from_json(last.results) if last is not None else None
    questions = QuestionSet.from_json(round_.questions)
    grouping = content(questions.language).grouping(round_.grouping)
    counted = [_for_rules(response, rows, grouping) for response in responses]
    release = closing.release(
        questions.for_rules,
        counted,
        [group.key for group in grouping.groups],
        round_.k,
        previous,
        round_.by_language,
    )
    if previous is not None and release.respondents == previous.respondents:
        return None
    if release.respondents:
        _release_notes(rows, round_.k)
    stored = StoredRelease(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        number=last.number + 1 if last is not None else 1,
        respondents=release.respondents,
        made_at=clock.now(),
        results={**release.to_json(), "people": _people(release, counted), **_by_link(round_, release)},
    )
    db.session.add(stored)
    return stored


def _for_rules(response: Any, rows: Rows, grouping: Grouping) -> closing.Response:
    group = grouping.of.get(response.sector) or grouping.of[UNKNOWN_SECTOR]
    answers = {
        row["indicator"]: rules.Answer.stored(row["kind"], row["rating"], row["chosen"])
        for row in rows.get(response.id, [])
    }
    return closing.Response(response.sector, group, answers)


def _people(release: Release, counted: list[closing.Response]) -> dict[str, int]:
    """Returns how many people each column of the release holds.

    After a reopening, an unchanged line may show a group that belongs to the others in new lines. If the
    others' size would then be below k, it is left out.
    """
    sizes = Counter(response.group for response in counted if response.answers)
    people = {group: sizes[group] for group in release.groups if group != OTHERS}
    others = release.respondents - sum(people.values())
    if OTHERS in release.groups and others >= release.k:
        people[OTHERS] = others
    return people


def _by_link(round_: Round, release: Release) -> dict[str, object]:
    """Returns how many people came through the open link, if there was one; fewer than k are not shown."""
    if round_.link_left_out:
        return {"link_left_out": True}
    if not round_.by_link or not release.respondents:
        return {}
    return {"by_link": round_.by_link if round_.by_link >= round_.k else None}


def _release_notes(rows: Rows, k: int) -> None:
    """Marks the notes that this release shows for the first time."""
    fresh: dict[str, list[dict[str, Any]]] = {}
    for said in rows.values():
        for row in said:
            if row["note"] and not row["note_released"]:
                fresh.setdefault(row["indicator"], []).append(row)
    for notes in fresh.values():
        enough = closing.notes_are_enough([row["note"] for row in notes], k)
        for row in notes:
            row["note_released"] = enough


def _forget_who(round_: Round, responses: list[SelectedRow], rows: Rows, released: bool | None) -> None:
    """Rewrites submitted responses without respondent, times and language.

    The new rows are in random order, because ids would reveal who came first. `released` None leaves that
    column unchanged.
    """
    text_is_gone()
    named = own_service.named_in(round_)
    db.session.execute(sa.delete(Response).where(Response.round_id == round_.id))
    random.SystemRandom().shuffle(responses)
    if responses:
        _write_anew(round_, responses, rows, released)
    own_service.keep(round_, named, shared=bool(released))


def _write_anew(round_: Round, responses: list[SelectedRow], rows: Rows, released: bool | None) -> None:
    of = {"coalition_id": round_.coalition_id}
    # Ids come in the order of the rows, so each id belongs to its response.
    made = db.session.scalars(
        sa.insert(Response).returning(Response.id, sort_by_parameter_order=True),
        [
            {
                **of,
                "round_id": round_.id,
                "sector": response.sector,
                "submitted": True,
                "released": response.released if released is None else released,
            }
            for response in responses
        ],
    )
    answers = [
        {**row, **of, "response_id": key}
        for key, response in zip(made, responses, strict=True)
        for row in rows.get(response.id, [])
    ]
    # The ids are given over all responses at once; in the order of the responses, they would put one person's
    # notes together.
    random.SystemRandom().shuffle(answers)
    if answers:
        # This uses the table's own insert, because the mapper's takes twice the time.
        db.session.execute(sa.insert(db.metadata.tables[Answer.__tablename__]), answers)
