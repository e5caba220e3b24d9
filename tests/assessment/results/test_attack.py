"""No made-up answer reads a person's own: whoever writes the open link's answers and two by slip learns no one's."""

import pytest

from engage.assessment.results.rules import closing, inference_check, options, people
from engage.assessment.results.rules.people import People
from tests.assessment.results.attack import ACCOUNT, LINK, SLIPS, Place, Setting, Written, attacks, search

# Eight accounts, one of them alone in its sector group.
LONE = (Place(0, "a", ACCOUNT, 1), Place(0, "b", ACCOUNT, 4), Place(0, "c", ACCOUNT, 3))
PAIR = (Place(0, "a", ACCOUNT, 2), Place(0, "b", ACCOUNT, 3), Place(0, None, ACCOUNT, 1))
BY_HAND = (Place(0, "a", ACCOUNT, 2), Place(0, "a", SLIPS, 3), Place(0, "b", SLIPS, 4))
LATE = (
    Place(0, "a", ACCOUNT, 2),
    Place(0, "b", ACCOUNT, 3),
    Place(1, "a", ACCOUNT, 1),
    Place(1, "b", ACCOUNT, 3),
)
FEW = (Place(0, "a", ACCOUNT, 2), Place(1, "b", ACCOUNT, 1), Place(2, "a", SLIPS, 3))
LINKS = ("", "04", "0044", "0000044444", "0" * 10 + "4" * 10, "4" * 10, "?" * 10)

# These are a part of the whole search, which takes long.
SOME = [
    Setting(LONE, ()),
    Setting(LONE, (Written(0, "a", LINK, "04"),)),
    Setting(LONE, (Written(0, "a", SLIPS, "04"),)),
    Setting(
        LONE,
        (Written(0, "a", LINK, "0000044444"), Written(0, "a", SLIPS, "04"), Written(0, "a", ACCOUNT, "0")),
    ),
    Setting(PAIR, (Written(0, "a", LINK, "4" * 10), Written(0, None, LINK, "0" * 10))),
    Setting(BY_HAND, (Written(0, "a", SLIPS, "04"), Written(0, "b", LINK, "04"))),
    Setting(FEW, (Written(0, None, LINK, "0" * 10), Written(1, "a", LINK, "4" * 10))),
]


@pytest.mark.parametrize("setting", SOME)
def test_made_up_answers_give_no_one_away(setting: Setting) -> None:
    found = search(setting, "04")
    assert found.exposed == []
    assert found.worlds > found.tellings > 0


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("honest", "kinds"),
    [(LONE, "04?"), (PAIR, "04?"), (BY_HAND, "04"), (LATE, "04"), (FEW, "04?")],
    ids=["lone", "pair", "by hand", "late", "few"],
)
def test_no_attack_of_many_gives_anyone_away(honest: tuple[Place, ...], kinds: str) -> None:
    closings = sorted({each.closing for each in honest})
    settings = [
        Setting(honest, attack, k) for attack in attacks(("a", "b"), LINKS, closings=closings) for k in (3, 4)
    ]
    found = [search(setting, kinds) for setting in settings]
    tried, told = sum(each.worlds for each in found), sum(each.tellings for each in found)
    print(f"{len(settings)} settings, {tried} worlds, {told} tellings")
    assert [setting for setting, each in zip(settings, found, strict=True) if each.exposed] == []


@pytest.fixture
def counting_everyone_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule as it was: k people, however they answered."""

    def alike(counted: People, k: int) -> bool:
        return not counted.number or counted.number >= k

    for module in (closing, options, inference_check, people):
        for name in ("none_or_all", "none_or_part"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, alike)


@pytest.mark.usefixtures("counting_everyone_alike")
def test_the_search_finds_who_is_read_between_two_made_up_answers() -> None:
    """A check of the checker."""
    assert not search(SOME[0], "04").exposed
    for setting in SOME[1:4]:
        found = search(setting, "04")
        assert {place for _world, place, _said in found.exposed} == {0}
