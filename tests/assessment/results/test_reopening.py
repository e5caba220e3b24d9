"""Closing, reopening and closing again: what is kept, what is shown, and what no one can tell any more."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage.assessment import queries
from engage.assessment import service as assessment_service
from engage.assessment.answering import service as answering_service
from engage.assessment.models import Answer, Participant, Reopening, Response, Round, StoredRelease
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.respondents import service as respondents_service
from engage.assessment.results.queries import released
from engage.assessment.results.queries.closed import Results
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Answer as Given
from engage.assessment.rules import Asked, RespondentState, RoundState, Said
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.errors import FieldRefused, StaleVersion, WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from tests.factories import make_affiliation, make_membership, make_response, make_round

FIRST, SECOND = "public-understanding", "reducing-demand"
LATER = date(2026, 12, 20)


@pytest.fixture
def boss() -> Membership:
    return make_membership(role=Role.COORDINATOR)


def answer(round_: Round, *said: object, **overrides: object) -> list[Membership]:
    """Makes so many people answer the first statement, each as given."""
    people = [make_membership() for _each in said]
    for person, each in zip(people, said, strict=True):
        make_response(round_, person, {FIRST: each}, **overrides)
    return people


def close(boss: Membership, round_: Round) -> StoredRelease | None:
    stored = rounds_service.close_round(boss, round_)
    db.session.commit()
    return stored


def reopen(boss: Membership, round_: Round) -> None:
    rounds_service.reopen_round(boss, round_, "Two clinics were late.", LATER)
    db.session.commit()


def counted(round_: Round) -> tuple[int, ...]:
    rows = sa.select(StoredRelease.respondents).where(StoredRelease.round_id == round_.id)
    return tuple(db.session.scalars(rows.order_by(StoredRelease.number)))


def test_a_reopened_round_takes_answers_and_keeps_what_it_has_shown(app: object, boss: Membership) -> None:
    round_ = make_round()
    answer(round_, 1, 2, 3)
    close(boss, round_)
    assert (queries.open_round(boss), queries.state_of(round_, boss)) == (None, RoundState.CLOSED)
    reopen(boss, round_)
    assert (queries.open_round(boss), queries.state_of(round_, boss)) == (round_, RoundState.OPEN)
    assert round_.closes_on == LATER
    latest = released.latest_results(boss)
    assert latest is not None and latest.respondents == 3
    row = db.session.scalars(sa.select(Reopening)).one()
    assert (row.reason, row.reopened_by_id) == ("Two clinics were late.", boss.id)
    # The history says that and when it was, and not why.
    states = sa.select(HistoryEntry.old, HistoryEntry.new).where(HistoryEntry.field == "state")
    assert [tuple(row) for row in db.session.execute(states.order_by(HistoryEntry.id))] == [
        ("open", "closed"),
        ("closed", "open"),
    ]


def test_no_one_answers_a_round_twice(app: object, boss: Membership) -> None:
    round_ = make_round()
    first, *_rest = answer(round_, 1, 2, 3)
    make_affiliation(first)
    close(boss, round_)
    took_part = sa.select(Participant.membership_id).where(Participant.took_part)
    assert first.id in set(db.session.scalars(took_part))
    reopen(boss, round_)
    assert queries.respondent_state_of(first, round_, None) is RespondentState.COUNTED
    with pytest.raises(WrongState, match="no one answers twice"):
        answering_service.start(first, round_, "en")
    newcomer = make_membership()
    make_affiliation(newcomer)
    assert answering_service.start(newcomer, round_, "en").respondent_id == newcomer.id


def test_who_started_and_did_not_submit_may_answer_after_a_reopening(app: object, boss: Membership) -> None:
    round_ = make_round()
    answer(round_, 1, 2, 3)
    (late,) = answer(round_, 4, submitted=False)
    make_affiliation(late)
    close(boss, round_)
    reopen(boss, round_)
    assert queries.respondent_state_of(late, round_, None) is RespondentState.NOT_STARTED
    assert answering_service.start(late, round_, "en").submitted is False


def test_fewer_than_k_newcomers_leave_the_earlier_results_and_k_make_new_ones(
    app: object, boss: Membership
) -> None:
    round_ = make_round()
    answer(round_, 1, 2, 3)
    close(boss, round_)
    reopen(boss, round_)
    answer(round_, 4, 4)
    assert rounds_service.would_show(round_) == "earlier"
    assert close(boss, round_) is None
    assert counted(round_) == (3,)
    # They are kept, and count as soon as k have come since.
    released = sa.select(Response.released).where(Response.round_id == round_.id)
    assert sorted(db.session.scalars(released)) == [False, False, True, True, True]
    reopen(boss, round_)
    answer(round_, 4)
    stored = close(boss, round_)
    assert stored is not None and (stored.number, stored.respondents) == (2, 6)
    assert counted(round_) == (3, 6)
    assert set(db.session.scalars(released)) == {True}
    assert len(queries.closed_rounds(boss)) == 1
    assert queries.closed_rounds(boss)[0].respondents == 6


def test_a_round_closed_with_too_few_shows_results_once_there_are_k(app: object, boss: Membership) -> None:
    round_ = make_round()
    answer(round_, 1)
    first = close(boss, round_)
    assert first is not None and first.respondents == 0
    reopen(boss, round_)
    answer(round_, 2)
    assert close(boss, round_) is None, "there is still nothing to show"
    reopen(boss, round_)
    answer(round_, 3)
    second = close(boss, round_)
    assert second is not None and (second.number, second.respondents) == (2, 3)


def test_closing_anew_erases_who_came_after_the_reopening(app: object, boss: Membership) -> None:
    round_ = make_round()
    answer(round_, 1, 2, 3)
    close(boss, round_)
    reopen(boss, round_)
    answer(round_, 4, 4, 4)
    close(boss, round_)
    rows = db.session.execute(
        sa.select(Response.respondent_id, Response.started_at).where(Response.round_id == round_.id)
    ).all()
    assert len(rows) == 6
    assert all((row.respondent_id, row.started_at) == (None, None) for row in rows)


def test_answers_stay_with_their_response_when_they_are_written_anew(app: object, boss: Membership) -> None:
    round_ = make_round()
    for rating in range(5):
        make_response(round_, make_membership(), {FIRST: rating, SECOND: rating})
    close(boss, round_)
    ratings = sa.select(sa.func.min(Answer.rating), sa.func.max(Answer.rating), sa.func.count())
    rows = db.session.execute(ratings.group_by(Answer.response_id)).all()
    assert sorted(tuple(row) for row in rows) == [(rating, rating, 2) for rating in range(5)]


def test_only_the_latest_round_can_be_opened_again_and_only_once(app: object, boss: Membership) -> None:
    old = make_round(title="Last year")
    close(boss, old)
    new = make_round(title="This year")
    with pytest.raises(WrongState, match="Only the latest round"):
        rounds_service.reopen_round(boss, old, "Because", LATER)
    db.session.rollback()
    with pytest.raises(WrongState, match="already open"):
        rounds_service.reopen_round(boss, new, "Because", LATER)
    db.session.rollback()
    close(boss, new)
    reopen(boss, new)
    with pytest.raises(WrongState, match="already open"):
        rounds_service.reopen_round(boss, new, "Because", LATER)
    db.session.rollback()
    with pytest.raises(FieldRefused, match="is open for them"):
        rounds_service.open_round(boss, "Another", None, 3)
    db.session.rollback()
    with pytest.raises(sa.exc.IntegrityError):
        make_round()
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Reopening)).all()) == 1


def test_notes_of_fewer_than_k_newcomers_are_not_shown_beside_earlier_ones(
    app: object, boss: Membership
) -> None:
    round_ = make_round()
    answer(round_, (1, "a"), (2, "b"), (3, "c"))
    close(boss, round_)
    assert sorted(released.notes_of(round_, [FIRST])[FIRST]) == ["a", "b", "c"]
    reopen(boss, round_)
    answer(round_, (1, "d"), 2, 3)
    close(boss, round_)
    assert counted(round_) == (3, 6)
    assert sorted(released.notes_of(round_, [FIRST])[FIRST]) == ["a", "b", "c"]
    reopen(boss, round_)
    answer(round_, (1, "e"), (2, "f"), 0)
    assert sorted(released.notes_of(round_, [FIRST])[FIRST]) == ["a", "b", "c"], "while it is open"
    close(boss, round_)
    assert sorted(released.notes_of(round_, [FIRST])[FIRST]) == list("abcdef")


def test_notes_without_a_release_are_not_shown(app: object, boss: Membership) -> None:
    round_ = make_round()
    answer(round_, (1, "a"), (2, "b"))
    close(boss, round_)
    assert released.notes_of(round_, [FIRST]) == {}


def test_counts_for_getting_started_say_nothing_of_newcomers_that_no_release_counts(
    app: object, boss: Membership
) -> None:
    round_ = make_round()
    answer(round_, 1, 2, 3)
    close(boss, round_)
    before = released.round_counts(boss.coalition_id)
    reopen(boss, round_)
    make_response(round_, make_membership(), {SECOND: 4}, sector="health")
    assert released.round_counts(boss.coalition_id) == before
    close(boss, round_)
    assert released.round_counts(boss.coalition_id) == before


# Who is asked


def test_an_invited_round_asks_only_those_who_are_invited(app: object, boss: Membership) -> None:
    round_ = make_round(asked=Asked.INVITED)
    nurse, pastor = make_membership(), make_membership()
    for person in (nurse, pastor):
        make_affiliation(person)
    assert respondents_service.invite(boss, round_, [nurse.id]) == 1
    assert answering_service.start(nurse, round_, "en")
    with pytest.raises(assessment_service.NotAsked, match="only the people who were invited"):
        answering_service.start(pastor, round_, "en")
    assert queries.open_round_for(pastor) is None
    assert respondents_queries.turn_out(round_).invited == 1


def test_taking_someone_out_deletes_what_they_answered_and_asks_them_no_more(
    app: object, boss: Membership
) -> None:
    round_ = make_round(asked=Asked.INVITED)
    people = answer(round_, 1, 2, 3)
    respondents_service.keep_asking(round_)
    respondents_service.take_out(boss, round_, people[0])
    db.session.commit()
    assert {row.respondent_id for row in db.session.scalars(sa.select(Response))} == {
        person.id for person in people[1:]
    }
    assert len(db.session.scalars(sa.select(Answer)).all()) == 2
    assert respondents_queries.respondent_of(round_, people[0]) is None
    with pytest.raises(assessment_service.NotAsked):
        answering_service.save_answers(people[0], round_, {FIRST: Said(Given.rated(1))})
    db.session.rollback()
    with pytest.raises(WrongState, match="does not ask"):
        respondents_service.take_out(boss, round_, people[0])


def test_who_took_part_before_a_reopening_cannot_be_taken_out(app: object, boss: Membership) -> None:
    round_ = make_round(asked=Asked.INVITED)
    people = answer(round_, 1, 2, 3)
    close(boss, round_)
    reopen(boss, round_)
    with pytest.raises(WrongState, match="No one can tell which answers are theirs"):
        respondents_service.take_out(boss, round_, people[0])
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Response)).all()) == 3


def test_who_left_the_coalition_still_counts_if_they_had_submitted(app: object, boss: Membership) -> None:
    round_ = make_round()
    gone, half, _stays = answer(round_, 1, 2, 3)
    row = db.session.scalars(sa.select(Response).where(Response.respondent_id == half.id)).one()
    row.submitted = False
    for person in (gone, half):
        person.left_on = date(2026, 11, 20)
    db.session.commit()
    listed = {each.id: each for each in respondents_queries.respondents(round_)}
    assert (listed[gone.id].standing, listed[gone.id].is_here) == (RespondentState.FINISHED, False)
    assert not listed[half.id].waits
    close(boss, round_)
    assert len(db.session.scalars(sa.select(Response)).all()) == 2


def test_turning_to_invited_people_keeps_those_who_have_started(app: object, boss: Membership) -> None:
    round_ = make_round()
    (started,) = answer(round_, 1, submitted=False)
    other = make_membership()
    rounds_service.change_round(boss, round_, 1, "New title", LATER, Asked.INVITED)
    db.session.commit()
    assert (round_.title, round_.closes_on, round_.version) == ("New title", LATER, 2)
    assert [each.id for each in respondents_queries.respondents(round_)] == [started.id]
    assert queries.respondent_state_of(other, round_, None) is RespondentState.NOT_ASKED
    with pytest.raises(StaleVersion):
        rounds_service.change_round(boss, round_, 1, "Mine", LATER, Asked.INVITED)
    close(boss, round_)
    with pytest.raises(assessment_service.RoundIsClosed):
        rounds_service.change_round(boss, round_, round_.version, "Mine", LATER, Asked.INVITED)


@pytest.mark.parametrize("people", [0, 1])
def test_a_round_that_hardly_anybody_answered_is_closed_and_shows_nothing(
    app: object, boss: Membership, people: int
) -> None:
    round_ = make_round()
    answer(round_, *range(people))
    stored = close(boss, round_)
    assert stored is not None and stored.respondents == 0
    latest = released.latest_results(boss)
    assert latest is not None and (latest.respondents, latest.gaps) == (0, ())
    assert len(db.session.scalars(sa.select(Response)).all()) == people


def test_a_round_in_which_everybody_does_not_know_opens_again_like_any_other(
    app: object, boss: Membership
) -> None:
    round_ = make_round()
    answer(round_, *["dont_know"] * 3)
    close(boss, round_)
    reopen(boss, round_)
    answer(round_, *["dont_know"] * 3)
    close(boss, round_)
    assert counted(round_) == (3, 6)
    shown = Results.newest(round_, content())
    assert shown is not None
    line = next(row for row in shown.release.indicators if row.key == FIRST)
    assert (line.all, line.dont_know) == (None, 6)
