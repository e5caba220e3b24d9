"""Finds the action of a plan that each row of a file is about: by number, or else by goal and title."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace


class Asked(Struct, frozen=True):
    """A row of the file. Titles are folded, and empty if it has none. `ref` is the number of an existing action."""

    number: int
    title: str
    goal: str = ""
    objective: str = ""
    ref: int | None = None


class ExistingAction(Struct, frozen=True):
    """An action of the plan, with folded titles."""

    id: int
    title: str
    goal: str = ""
    objective: str = ""


class ImportMatch(Struct, frozen=True):
    """A row's action (None for a new one), or something to ask about.

    `alike` are actions that it may be, `like_row` is an earlier row with the same content, and `twice` is the
    row about the same action.
    """

    id: int | None = None
    alike: tuple[int, ...] = ()
    like_row: int | None = None
    twice: int | None = None


# With fewer numbers than this, nothing shows whether they are this plan's.
_NUMBERS_THAT_TELL = 3

# The function says whether a row, by its number, would leave an action, by its id, unchanged.
Same = Callable[[int, int], bool]


def matched(
    rows: Sequence[Asked],
    there: Sequence[ExistingAction],
    is_same: Same,
    decided: Mapping[int, int],
    *,
    by_goal: bool = True,
) -> dict[int, ImportMatch]:
    """Returns a match for each row by its number.

    `decided` holds the answers for rows that were asked about. If `by_goal` is false, the file names no
    goals, and a title finds an action anywhere in the plan.
    """
    found: dict[int, ImportMatch] = {}
    taken: dict[int, int] = {}
    for row in rows:
        if row.ref is not None:
            found[row.number] = ImportMatch(row.ref, twice=taken.get(row.ref))
            taken.setdefault(row.ref, row.number)
    left: dict[tuple[str, str], list[ExistingAction]] = defaultdict(list)
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


def numbers_are_of_another(numbered: Mapping[int, bool]) -> bool:
    """Returns whether a file was made from another plan, whose numbers would change the wrong actions here.

    `numbered` says for each number whether the action with it is the one that the file describes.
    """
    return len(numbered) >= _NUMBERS_THAT_TELL and sum(numbered.values()) * 2 < len(numbered)


def _of_group(rows: list[Asked], there: list[ExistingAction], is_same: Same) -> dict[int, ImportMatch]:
    """Pairs rows and actions that have the same goal and title.

    Identical ones come first, then those of one objective, then one row and one action that are left.
    """
    if len(rows) == len(there) == 1:
        return {rows[0].number: ImportMatch(there[0].id)}
    found: dict[int, ImportMatch] = {}
    rows, there = list(rows), list(there)

    def pair(row: Asked, action: ExistingAction) -> None:
        found[row.number] = ImportMatch(action.id)
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
        found[row.number] = ImportMatch(
            alike=tuple(each.id for each in there), like_row=like_row if like_row != row.number else None
        )
    return found


def _moved(
    groups: Mapping[tuple[str, str], list[Asked]],
    there: Sequence[ExistingAction],
    found: Mapping[int, ImportMatch],
    taken: Mapping[int, int],
) -> dict[int, ImportMatch]:
    """Pairs a new row with an action that was moved to another goal, if no other row is about that action."""
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for each in there:
        if each.id not in taken:
            elsewhere[each.title].append(each.id)
    return {
        row.number: replace(found[row.number], alike=tuple(elsewhere[row.title]))
        for group in groups.values()
        for row in group
        if found[row.number] == ImportMatch() and row.title in elsewhere
    }


def _as_decided(found: dict[int, ImportMatch], decided: Mapping[int, int]) -> dict[int, ImportMatch]:
    taken = {match.id: number for number, match in found.items() if match.id is not None}
    for number, match in sorted(found.items()):
        said = decided.get(number)
        if said is not None and said in match.alike:
            found[number] = ImportMatch(said, match.alike, twice=taken.get(said))
            taken.setdefault(said, number)
    return found
