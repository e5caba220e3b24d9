"""Our data classes behave as the standard library's do, but for what the type checker sees to."""

import dataclasses
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import field, replace

import pytest

from engage.config import ROOT
from engage.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    town: str
    beds: int = 0
    secret: str = field(default="", repr=False)
    drawn: str = field(default="", compare=False)
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Other:
    town: str
    beds: int = 0


@dataclass(frozen=True)
class Empty:
    pass


@dataclass(frozen=True, eq=False)
class Itself:
    town: str


@dataclass(frozen=True, order=True)
class Sorted:
    town: str


@dataclass
class Open:
    town: str


def test_equal_by_what_counts_and_only_to_the_same_kind() -> None:
    here = Place("Elm", 2)
    assert here == Place("Elm", 2, drawn="x") != Place("Elm", 3)
    assert here != Place("Elm", 2, texts={"a": "b"}) and here != Place("Elm", 2, secret="x")
    assert Other("Elm", 2) != here and here != ("Elm", 2)
    assert Empty() == Empty()
    assert Itself("Elm") != Itself("Elm")


def test_equal_ones_have_one_hash_and_what_has_none_may_be_left_out() -> None:
    assert hash(Place("Elm", texts={"a": "b"})) == hash(Place("Elm", drawn="x"))
    assert len({Place("Elm"), Place("Elm"), Place("Oak"), Empty(), Empty()}) == 3
    with pytest.raises(TypeError):
        hash(Other([]))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        hash(Open("Elm"))


def test_what_is_secret_is_not_shown() -> None:
    assert repr(Place("Elm", secret="x")) == "Place(town='Elm', beds=0, drawn='', texts={})"


def test_the_tools_for_data_classes_know_them() -> None:
    assert replace(Place("Elm"), beds=4) == Place("Elm", 4)
    assert dataclasses.asdict(Other("Elm")) == {"town": "Elm", "beds": 0}
    match Other("Elm", 3):
        case Other(town, beds):
            assert (town, beds) == ("Elm", 3)
    assert not hasattr(Place("Elm"), "__dict__")


def test_what_can_be_sorted_or_changed_is_the_librarys() -> None:
    assert Sorted("Elm") < Sorted("Oak")
    changed = Open("Elm")
    changed.town = "Oak"
    assert changed == Open("Oak")


def test_every_frozen_class_of_engage_is_made_here() -> None:
    librarys = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
    files = (path for path in (ROOT / "engage").rglob("*.py") if path.name != "records.py")
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in files}
    found = [path for path, text in texts.items() if librarys.search(text) and "frozen=True" in text]
    assert found == [], "take dataclass from engage.records"


@pytest.mark.slow
def test_the_type_checker_refuses_to_set_a_field(tmp_path: object) -> None:
    program = f"{tmp_path}/program.py"
    with open(program, "w") as file:
        file.write(
            "from engage.records import dataclass\n\n\n@dataclass(frozen=True, slots=True)\nclass A:\n"
            "    b: int\n\n\nA(1).b = 2\n"
        )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert 'Property "b" defined in "A" is read-only' in done.stdout
