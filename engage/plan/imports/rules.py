"""Which action of a plan each row of a file is about: by its number, else by goal and title. Plain Python."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the file; titles are folded, empty where it names none. `ref` is an action that is there."""

    number: int
    title: str
    goal: str = ""
    objective: str = ""
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class There:
    """An action of the plan, its titles folded."""

    id: int
    title: str
    goal: str = ""
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What a row is about: an action (None: a new one), or something to ask about.

    `alike` are actions that it may be, `like_row` an earlier row that says the same, `twice` the row that is about
    the same action already.
    """

    id: int | None = None
    alike: tuple[int, ...] = ()
    like_row: int | None = None
    twice: int | None = None


# Whether a row would leave an action as it is, by the row's number and the action's id.
Same = Callable[[int, int], bool]


def matched(
    rows: Sequence[Asked],
    there: Sequence[There],
    is_same: Same,
    decided: Mapping[int, int],
    *,
    by_goal: bool = True,
) -> dict[int, Match]:
    """For the number of each row what it is about.

    `decided` says of rows that were asked about which action they are. Without `by_goal` the file names no goals,
    and a title alone finds an action anywhere in the plan.
    """
    found: dict[int, Match] = {}
    taken: dict[int, int] = {}
    for row in rows:
        if row.ref is not None:
            found[row.number] = Match(row.ref, twice=taken.get(row.ref))
            taken.setdefault(row.ref, row.number)
    left: dict[tuple[str, str], list[There]] = defaultdict(list)
    for each in there:
        if each.id not in taken:
            left[each.goal if by_goal else "", each.title].append(each)
    groups: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for row in rows:
        if row.ref is None and row.title:
            groups[row.goal if by_goal else "", row.title].append(row)
    for key, group in groups.items():
        found |= _of_group(group, left.pop(key, []), is_same)
    if by_goal:
        taken |= {match.id: number for number, match in found.items() if match.id is not None}
        found |= _moved(groups, there, found, taken)
    return _as_decided(found, decided)


def _of_group(rows: list[Asked], there: list[There], is_same: Same) -> dict[int, Match]:
    """Rows and actions of one goal and title: alike ones first, then those of one objective, then the last pair."""
    if len(rows) == len(there) == 1:
        return {rows[0].number: Match(there[0].id)}
    found: dict[int, Match] = {}
    rows, there = list(rows), list(there)

    def pair(row: Asked, action: There) -> None:
        found[row.number] = Match(action.id)
        rows.remove(row)
        there.remove(action)

    for row in list(rows):
        if (action := next((each for each in there if is_same(row.number, each.id)), None)) is not None:
            pair(row, action)
    for objective in {row.objective for row in rows}:
        own = [row for row in rows if row.objective == objective]
        theirs = [each for each in there if each.objective == objective]
        if len(own) == len(theirs) == 1:
            pair(own[0], theirs[0])
    if len(rows) == len(there) == 1:
        pair(rows[0], there[0])
    first: dict[str, int] = {}
    for row in rows:
        like_row = first.setdefault(row.objective, row.number)
        found[row.number] = Match(
            alike=tuple(each.id for each in there), like_row=like_row if like_row != row.number else None
        )
    return found


def _moved(
    groups: Mapping[tuple[str, str], list[Asked]],
    there: Sequence[There],
    found: Mapping[int, Match],
    taken: Mapping[int, int],
) -> dict[int, Match]:
    """A new row may be an action that was moved to another goal since, and that no other row is about."""
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for each in there:
        if each.id not in taken:
            elsewhere[each.title].append(each.id)
    return {
        row.number: replace(found[row.number], alike=tuple(elsewhere[row.title]))
        for group in groups.values()
        for row in group
        if found[row.number] == Match() and row.title in elsewhere
    }


def _as_decided(found: dict[int, Match], decided: Mapping[int, int]) -> dict[int, Match]:
    taken = {match.id: number for number, match in found.items() if match.id is not None}
    for number, match in sorted(found.items()):
        said = decided.get(number)
        if said is not None and said in match.alike:
            found[number] = Match(said, match.alike, twice=taken.get(said))
            taken.setdefault(said, number)
    return found
