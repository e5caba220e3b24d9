"""Opens, edits, closes and reopens a round."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, convert, to_builtins

from engage import clock, history
from engage.assessment import queries, rules
from engage.assessment.channels import service as channels_service
from engage.assessment.efforts.own import service as own_service
from engage.assessment.languages import in_all_languages
from engage.assessment.models import Answer, Reopening, Response, Round, StoredRelease
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.respondents import service as respondents_service
from engage.assessment.results.queries.released import release_of
from engage.assessment.results.rules import closing
from engage.assessment.results.rules.people import NOBODY, People, all_by
from engage.assessment.results.rules.releases import Release
from engage.assessment.service import hold_open
from engage.coalitions import service as coalitions
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.content.model import Grouping
from engage.database import along, text_is_gone
from engage.errors import FieldRefused, WrongState
from engage.extensions import db, in_language
from engage.i18n import gettext as _
from engage.versions import claim_version

LANGUAGE = "en"
# Releases store the number of the rule by which they were computed; those of the earlier rule have none.
RULE = 2
# The sector of a respondent whose sector is not known.
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

    `no_insiders` leaves out questions that only insiders can answer, for a round that asks residents. A round
    for anyone gets its open link at once.

    Raises FieldRefused if a round for these people is open, or if the questions ask nothing.
    """
    coalitions.lock(membership.coalition_id)
    is_for_anyone = asked is rules.Asked.ANYONE
    for each in queries.open_rounds(membership):
        if each.is_for_anyone is is_for_anyone:
            raise FieldRefused(
                "asked",
                _("“%(title)s” is open for them. Close it before you open another round.", title=each.title),
            )
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
    history.add(membership, round_, "state", new=rules.RoundState.OPEN)
    audit_service.record(membership, AuditEvent.ROUND_OPENED, round_)
    if is_for_anyone:
        channels_service.open_channel(membership, round_, rules.ChannelKind.LINK)
        channels_service.keep_tally(round_, membership.coalition.time_zone)
    return round_


def change_round(
    membership: Membership,
    round_: Round,
    version: int,
    title: str,
    closes_on: date | None,
    asked: rules.Asked,
    k: int | None = None,
) -> None:
    """Changes title, last day and who is asked while the round is open; people who have started stay in it.

    A round for members does not become one for anyone, nor the other way round.

    `k`, if given, is the new size of the smallest group shown: once someone has started, it cannot become
    smaller, because people answered with that promise. Raises StaleVersion, RoundIsClosed, and FieldRefused
    on `k`.
    """
    if round_.is_for_anyone is not (asked is rules.Asked.ANYONE):
        raise ValueError("whether a round is for anyone is decided when it opens")
    claim_version(round_, version)
    hold_open(round_, alone=True)
    if k is not None and k != round_.k:
        _change_k(membership, round_, k)
    if round_.title != title:
        history.note(membership, round_, "title")
    if round_.closes_on != closes_on:
        history.note(membership, round_, "closes_on", old=round_.closes_on, new=closes_on)
    if round_.asked is not asked:
        history.note(membership, round_, "asked", old=round_.asked, new=asked)
        if asked is rules.Asked.INVITED:
            respondents_service.keep_asking(round_)
    round_.title, round_.closes_on, round_.asked = title, closes_on, asked


def _change_k(membership: Membership, round_: Round, k: int) -> None:
    if round_.closed_at is not None:
        raise FieldRefused("k", _("Results of this round are out, so this number stays."))
    if k < round_.k and queries.has_begun(round_):
        raise FieldRefused(
            "k",
            _(
                "Someone has started answering, so this can only become larger. Enter %(k)s or more.",
                k=round_.k,
            ),
        )
    history.note(membership, round_, "k", old=round_.k, new=k)
    round_.k = k


def rename_round(membership: Membership, round_: Round, version: int, title: str) -> None:
    """Changes the title of a closed round. Raises StaleVersion."""
    claim_version(round_, version)
    title = from_a_file(title, membership.coalition.language) if round_.is_from_a_file else title
    if round_.title != title:
        history.note(membership, round_, "title")
    round_.title = title


def from_a_file(title: str, language: str) -> str:
    """Returns the title with the words that say where the numbers are from, which no renaming takes off."""
    with in_language(language):
        mark = _("(from a file)")
    return title if title.endswith(mark) else f"{title} {mark}"


def close_round(membership: Membership, round_: Round) -> StoredRelease | None:
    """Closes the round: computes its release, and erases who answered and when.

    Responses that do not count are deleted. The release is None if a reopened round gained too few responses
    for a new release; then the earlier one stays. Raises WrongState if the round was closed in between.
    """
    closed = (
        sa.update(Round)
        .where(Round.id == round_.id, queries.takes_answers())
        .values(closed_at=clock.now(), reopened_at=None, rule_changed=False, version=Round.version + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(closed).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(_("This round is already closed."))
    db.session.refresh(round_)
    respondents_service.submit_answered(round_)
    channels_service.settle(round_)
    last = release_of(round_)
    unknown = _unknown_way(round_, last)
    stored = _release_and_forget(
        round_, _previous(last, unknown), unknown, last.number + 1 if last is not None else 1
    )
    history.note(membership, round_, "state", old=rules.RoundState.OPEN, new=rules.RoundState.CLOSED)
    audit_service.record(membership, AuditEvent.ROUND_CLOSED, round_)
    return stored


def release_brought_in(round_: Round, before: Release | None) -> bool:
    """Releases a round whose answers were all brought in from a file, and which is closed from the beginning.

    `before` is what was shown of the same answers before, if it counts like an earlier release. Returns whether the
    round shows as much as it may; it does not if too few answers were added since then.
    """
    channels_service.settle(round_)
    stored = _release_and_forget(round_, before, rules.WayIn.PAPER, 1)
    return stored is not None


def _release_and_forget(
    round_: Round, previous: Release | None, unknown: rules.WayIn, number: int
) -> StoredRelease | None:
    """Stores what the round shows now, and erases who answered and when."""
    responses, rows = _submitted(round_, unknown)
    spoken = _spoken(round_, responses, unknown)
    round_.by_language = to_builtins(spoken)
    made, people = _release(round_, responses, rows, previous, spoken)
    stored = None
    if previous is None or made.respondents != previous.respondents:
        stored = _store(round_, made, previous, people, number)
    respondents_service.keep_who_took_part(round_)
    counted = _counted(responses, made) if stored is not None else []
    if counted:
        _release_notes(responses, rows, round_.k)
    efforts = stored is not None and closing.may_share_efforts(made, previous)
    _forget_who(round_, responses, rows, counted, efforts=efforts)
    return stored


def hide_columns(membership: Membership, round_: Round, *, hide: bool) -> None:
    """Hides or shows the columns of results that were computed under the earlier rule. Their numbers stay stored.

    Raises WrongState for other results, which need no hiding.
    """
    last = release_of(round_)
    if last is None or "rule" in last.results:
        raise WrongState(_("Columns can be hidden only in results under the earlier rule."))
    if round_.hides_columns is not hide:
        history.note(membership, round_, "hides_columns", old=round_.hides_columns, new=hide)
    round_.hides_columns = hide


def would_show(round_: Round) -> str:
    """Returns what results would show if the round closed now.

    That is "all", "link" for the answers of the open link alone, "earlier" for the earlier results, or "nothing".
    """
    last = release_of(round_)
    unknown = _unknown_way(round_, last)
    previous = _previous(last, unknown)
    people = respondents_queries.who_counts(round_, unknown)
    if closing.may_show(people, round_.k, previous):
        return "all"
    if closing.may_show(People(link=people.link), round_.k, previous):
        return "link"
    return "earlier" if previous is not None and previous.respondents else "nothing"


def reopen_round(membership: Membership, round_: Round, reason: str, closes_on: date | None) -> None:
    """Reopens a closed round for answers of people who have not taken part. Its results stay.

    Raises WrongState if the round is not the latest of its kind, or is open.
    """
    coalitions.lock(membership.coalition_id)
    if round_.is_from_a_file:
        raise WrongState(_("These answers were brought in from a file, so the round takes no others."))
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
    history.note(membership, round_, "state", old=rules.RoundState.CLOSED, new=rules.RoundState.OPEN)
    audit_service.record(membership, AuditEvent.ROUND_REOPENED, round_)


Rows = Mapping[int, list[dict[str, Any]]]


class CountedAnswers(Struct, frozen=True):
    """A submitted response, and the way it was given; slips and paper count as one way."""

    id: int
    sector: str
    released: bool
    language: str
    way: rules.WayIn


def _unknown_way(round_: Round, last: StoredRelease | None) -> rules.WayIn:
    """Returns the way to assume for responses without a stored way: by slip or on paper.

    The earlier rule stored no ways. But if everyone whom it counted took part with an account, that way is
    known.
    """
    if last is None or "rule" in last.results:
        return rules.WayIn.PAPER
    without = sa.select(sa.func.count()).where(
        Response.coalition_id == round_.coalition_id,
        Response.round_id == round_.id,
        Response.submitted.is_(True),
        Response.way.is_(None),
    )
    is_by_account = db.session.scalar(without) == respondents_queries.who_took_part(round_)
    return rules.WayIn.ACCOUNT if is_by_account else rules.WayIn.PAPER


def _previous(last: StoredRelease | None, unknown: rules.WayIn) -> Release | None:
    """Returns the earlier release with the sets of people behind its values."""
    if last is None:
        return None
    previous = Release.from_json(last.results, last.sets)
    return previous if "rule" in last.results else previous.assuming(unknown)


def _submitted(round_: Round, unknown: rules.WayIn) -> tuple[list[CountedAnswers], Rows]:
    """Returns the submitted responses, and their answers by response. `unknown` is the way to use if none is stored."""
    mine = (
        Response.coalition_id == round_.coalition_id,
        Response.round_id == round_.id,
        Response.submitted.is_(True),
    )
    came = sa.select(Response.id, Response.sector, Response.released, Response.language, Response.way)
    responses = [
        CountedAnswers(row.id, row.sector, row.released, row.language, row.way or unknown)
        for row in db.session.execute(came.where(*mine))
    ]
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
    rows: dict[int, list[dict[str, object]]] = {}
    found = db.session.execute(answers)
    names = tuple(found.keys())
    # This loop has to be fast: a large round has a hundred thousand answers, and all other writers wait while
    # it closes.
    for answer in found:
        rows.setdefault(answer[0], []).append(dict(zip(names, answer, strict=True)))
    return responses, rows


def _spoken(round_: Round, responses: list[CountedAnswers], unknown: rules.WayIn) -> dict[str, People]:
    """Returns who answered in each language, by its code, in this closing and in earlier ones.

    Under the earlier rule, only a number for each language was stored, without ways.
    """
    spoken = {
        key: all_by(unknown, each) if isinstance(each, int) else convert(each, People)
        for key, each in round_.by_language.items()
    }
    for response in responses:
        if response.language:
            spoken[response.language] = spoken.get(response.language, NOBODY) + all_by(response.way, 1)
    return dict(sorted(spoken.items()))


def _release(
    round_: Round,
    responses: list[CountedAnswers],
    rows: Rows,
    previous: Release | None,
    spoken: Mapping[str, People],
) -> tuple[Release, dict[str, int]]:
    """Returns what the round shows now, and how many people each of its columns has."""
    questions = QuestionSet.from_json(round_.questions)
    grouping = content(questions.language).grouping(round_.grouping)
    answered = [_for_rules(response, rows, grouping) for response in responses]
    groups = [group.key for group in grouping.groups]
    made = closing.release(questions.for_rules, answered, groups, round_.k, previous, spoken)
    return made, closing.column_sizes(made, answered)


def _for_rules(response: Any, rows: Rows, grouping: Grouping) -> closing.ClosedResponse:
    group = grouping.of.get(response.sector) or grouping.of[UNKNOWN_SECTOR]
    answers = {
        row["indicator"]: rules.Answer.stored(row["kind"], row["rating"], row["chosen"])
        for row in rows.get(response.id, [])
    }
    return closing.ClosedResponse(response.sector, group, answers, way=response.way)


def _store(
    round_: Round, made: Release, previous: Release | None, people: dict[str, int], number: int
) -> StoredRelease:
    link = _by_link(round_, made, previous)
    stored = StoredRelease(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        number=number,
        respondents=made.respondents,
        made_at=clock.now(),
        results={**made.to_json(), "rule": RULE, "people": people, **link},
        sets=made.sets_to_json(),
    )
    db.session.add(stored)
    return stored


def _by_link(round_: Round, made: Release, previous: Release | None) -> dict[str, object]:
    """Returns how many people came through the open link, if there was one; None if that must not be shown."""
    if round_.link_left_out:
        return {"link_left_out": True}
    if not round_.by_link or not made.respondents:
        return {}
    if made.people.link != round_.by_link:
        return {"by_link": None}  # the earlier rule did not store which responses they were
    return {"by_link": closing.told_by_link(made.people, round_.k, previous)}


def _counted(responses: list[CountedAnswers], made: Release) -> list[int]:
    """Returns the ids of the responses that the release counts."""
    if not made.respondents:
        return []
    return [each.id for each in responses if not made.by_link_alone or each.way is rules.WayIn.LINK]


def _release_notes(responses: list[CountedAnswers], rows: Rows, k: int) -> None:
    """Marks the notes that this release shows for the first time."""
    fresh: dict[str, list[tuple[rules.WayIn, dict[str, object]]]] = {}
    released = set()
    for response in responses:
        for row in rows.get(response.id, []):
            if row["note_released"]:
                released.add(row["indicator"])
            elif row["note"].strip():
                fresh.setdefault(row["indicator"], []).append((response.way, row))
    for key, notes in fresh.items():
        ways = closing.notes_to_show([way for way, _row in notes], k, more=key in released)
        for way, row in notes:
            row["note_released"] = way in ways


def _forget_who(
    round_: Round, responses: list[CountedAnswers], rows: Rows, counted: list[int], *, efforts: bool
) -> None:
    """Rewrites submitted responses without respondent, times and language.

    The new rows are in random order, because ids would reveal who came first. `counted` are the responses
    that a release counts from now on. `efforts` says whether members see the named efforts from now on.
    """
    text_is_gone()
    named = own_service.named_in(round_)
    db.session.execute(sa.delete(Response).where(Response.round_id == round_.id))
    random.SystemRandom().shuffle(responses)
    if responses:
        _write_anew(round_, responses, rows, set(counted))
    own_service.keep(round_, named, shared=efforts)


def _write_anew(round_: Round, responses: list[CountedAnswers], rows: Rows, counted: set[int]) -> None:
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
                "released": response.released or response.id in counted,
                "way": None if response.way is rules.WayIn.PAPER else response.way,
            }
            for response in responses
        ],
    )
    answers = [
        {**row, **of, "response_id": key}
        for key, response in zip(made, responses, strict=True)
        for row in rows.get(response.id, [])
    ]
    # Answers are shuffled over all responses before they get ids; in the order of the responses, ids would
    # show which notes are by the same person.
    random.SystemRandom().shuffle(answers)
    if answers:
        # The table's own insert is used, because the mapper's takes twice the time.
        db.session.execute(sa.insert(db.metadata.tables[Answer.__tablename__]), answers)
