"""Tests what hangs together, and what breaks it."""

from datetime import date

from msgspec.structs import replace

from engage.chain import rules
from engage.chain.rules import ActionFact, DecisionFact, GoalFact, Links, MatchFact, NeedFact, ObjectiveFact
from engage.plan.measures.rules import Course, Direction, MeasureFact, MeasureKind, NumberKind, Point
from engage.plan.rules import ActionStatus
from engage.strengths.rules import MatchState

BEDS = NeedFact(1, 1, "Beds for boys", "response", True)
BUSES = NeedFact(2, 2, "Buses at night", "response", True)
HOSTS = MatchFact(1, 1, 1, "Host families", MatchState.TO_ASK, True)
GOAL = GoalFact(1, "A bed tonight", "response", True)
OBJECTIVE = ObjectiveFact(1, 1, "Six families", "from 0 to 6")
MEASURE = MeasureFact(
    id=1,
    objective_id=1,
    title="Trained families",
    kind=MeasureKind.HOW_MUCH,
    number=NumberKind.COUNT,
    unit="families",
    course=Course(Direction.UP),
    since=date(2026, 1, 1),
)
TRAIN = ActionFact(1, 1, "Train families", ActionStatus.NOT_STARTED, True)


def links(
    needs: tuple[NeedFact, ...] = (BEDS,),
    matches: tuple[MatchFact, ...] = (),
    goals: tuple[GoalFact, ...] = (GOAL,),
    objectives: tuple[ObjectiveFact, ...] = (),
    actions: tuple[ActionFact, ...] = (),
    goal_needs: tuple[tuple[int, int], ...] = (),
) -> Links:
    return Links(
        {each.id: each for each in needs},
        {each.id: each for each in matches},
        {each.id: each for each in goals},
        {each.id: each for each in objectives},
        {each.id: each for each in actions},
        goal_needs,
    )


def loose_needs(found: Links) -> list[str]:
    return [each.title for each in rules.loose_needs(found)]


def test_a_need_is_loose_until_an_action_answers_it() -> None:
    assert loose_needs(links()) == ["Beds for boys"]
    assert loose_needs(links(actions=(replace(TRAIN, need_id=1),))) == []


def test_a_need_is_worked_on_through_its_goals_actions() -> None:
    of_goal = replace(TRAIN, goal_id=1)
    assert loose_needs(links(actions=(of_goal,))) == ["Beds for boys"]
    assert loose_needs(links(goal_needs=((1, 1),))) == ["Beds for boys"]
    assert loose_needs(links(actions=(of_goal,), goal_needs=((1, 1),))) == []


def test_what_was_dropped_works_on_no_need_and_what_is_done_does() -> None:
    dropped = replace(TRAIN, need_id=1, status=ActionStatus.NO_LONGER_NEEDED)
    assert loose_needs(links(actions=(dropped,))) == ["Beds for boys"]
    assert loose_needs(links(actions=(replace(dropped, status=ActionStatus.DONE),))) == []


def test_a_closed_need_is_no_loose_end() -> None:
    assert loose_needs(links(needs=(replace(BEDS, is_open=False),))) == []


def test_a_match_is_loose_until_someone_is_asked() -> None:
    def loose(match: MatchFact, need: NeedFact = BEDS) -> bool:
        return bool(list(rules.loose_matches(links(needs=(need,), matches=(match,)))))

    assert loose(HOSTS)
    assert not any(
        loose(replace(HOSTS, state=state)) for state in MatchState if state is not MatchState.TO_ASK
    )
    assert not loose(replace(HOSTS, is_offered=False))
    assert not loose(HOSTS, replace(BEDS, is_open=False))


def test_a_goal_is_loose_until_it_or_its_action_names_a_need() -> None:
    def loose(found: Links) -> list[str]:
        return [each.title for each in rules.loose_goals(found)]

    assert loose(links()) == ["A bed tonight"]
    assert loose(links(goal_needs=((1, 1),))) == []
    assert loose(links(actions=(replace(TRAIN, goal_id=1, need_id=1),))) == []
    assert loose(links(goals=(replace(GOAL, is_open=False),))) == []


def test_an_objective_is_loose_until_a_number_measures_it() -> None:
    def loose(goal: GoalFact = GOAL, **measured: dict[int, list[MeasureFact]]) -> bool:
        found = replace(links(goals=(goal,), objectives=(OBJECTIVE,)), **measured)
        return bool(list(rules.loose_objectives(found)))

    assert loose()  # words alone are no measure
    assert not loose(measures={1: [MEASURE]})
    assert not loose(replace(GOAL, is_open=False))


def test_a_measure_is_loose_when_no_one_has_read_it_for_a_quarter() -> None:
    def loose(today: date, goal: GoalFact = GOAL, measure: MeasureFact = MEASURE) -> bool:
        found = replace(links(goals=(goal,), objectives=(OBJECTIVE,)), measures={1: [measure]})
        return bool(list(rules.loose_readings(found, today)))

    read = replace(MEASURE, points=(Point(date(2026, 5, 3), 12),))
    assert loose(date(2026, 4, 2))  # it was begun on January 1
    assert not loose(date(2026, 4, 1))
    assert not loose(date(2026, 8, 1), measure=read)
    assert loose(date(2026, 8, 2), measure=read)
    assert not loose(date(2026, 8, 2), replace(GOAL, is_open=False), read)


def test_an_action_is_loose_until_something_says_why() -> None:
    def loose(action: ActionFact, **more: tuple[tuple[int, int], ...]) -> bool:
        return bool(list(rules.loose_actions(links(actions=(action,), **more))))

    assert loose(TRAIN)
    for because in ({"need_id": 1}, {"indicator": "beds", "round_id": 1}, {"item": "core-team-named"}):
        assert not loose(replace(TRAIN, **because))
    assert not loose(replace(TRAIN, goal_id=1), goal_needs=((1, 1),))
    assert not loose(replace(TRAIN, status=ActionStatus.DONE))
    assert not loose(replace(TRAIN, is_open=False))


def test_where_the_goal_answers_nothing_its_actions_are_not_named_too() -> None:
    found = links(actions=(replace(TRAIN, goal_id=1),))
    assert list(rules.loose_actions(found)) == []
    assert list(rules.loose_goals(found)) == [GOAL]


def test_an_open_action_under_no_goal_is_loose() -> None:
    assert list(rules.without_place(links(actions=(TRAIN,)))) == [TRAIN]
    assert not list(rules.without_place(links(actions=(replace(TRAIN, goal_id=1),))))
    assert not list(rules.without_place(links(actions=(replace(TRAIN, status=ActionStatus.DONE),))))


def test_a_renewal_that_engage_made_is_no_loose_end() -> None:
    found = links(actions=(replace(TRAIN, renews=True),))
    assert not [*rules.without_place(found), *rules.loose_actions(found)]


def test_a_declined_strength_is_not_linked_to_the_need() -> None:
    found = links(matches=(replace(HOSTS, state=MatchState.DECLINED),))
    assert found.matches_of(BEDS) == []


def test_an_action_answers_its_own_need_and_else_those_of_its_goal() -> None:
    own, of_goal = replace(TRAIN, goal_id=1, need_id=2), replace(TRAIN, id=2, goal_id=1)
    found = links(needs=(BEDS, BUSES), actions=(own, of_goal), goal_needs=((1, 1),))
    assert found.needs_of_action(own) == [BUSES]
    assert found.needs_of_action(of_goal) == [BEDS]
    assert found.needs_of_goal(GOAL) == [BEDS, BUSES]
    assert found.goals_of(BUSES) == [GOAL]


def test_a_decision_is_loose_until_an_action_came_of_it() -> None:
    decision = DecisionFact(1, 1, "Ask every church")
    found = replace(links(), decisions={1: decision})
    assert list(rules.loose_decisions(found)) == [decision]
    assert not list(rules.loose_decisions(replace(found, actions={1: replace(TRAIN, decision_id=1)})))
    assert not list(rules.loose_decisions(replace(found, decisions={1: replace(decision, no_action=True)})))


def test_a_decision_says_why_an_action_is_done() -> None:
    assert list(rules.loose_actions(links(actions=(replace(TRAIN, decision_id=1),)))) == []
