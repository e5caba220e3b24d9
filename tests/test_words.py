"""The words on screen: US spelling, our own terms, each of them in the catalog."""

import importlib.util
import re
import sys
from functools import cache
from types import ModuleType

import pytest
from babel.messages.extract import extract_from_dir

from engage.config import ROOT

# Together: collecting all words takes longer than all of these tests.
pytestmark = pytest.mark.xdist_group("words")

BRITISH = (
    "organis", "recognis", "colour", "favour", "behaviour", "neighbour", "labour", "centre", "programme",
    "licence", "cancelled", "catalogue", "travelled", "fulfil ", "enrol ", "judgement", "whilst", "analyse",
    "summaris", "prioritis", "practise", "defence", "grey", "towards", "learnt", "postcode",
)  # fmt: skip
# Words for which the product has others, or that hurt.
BANNED = (
    r"\btenants?\b", r"\buser(s|name)?\b", r"\brescued?\b", r"\bprostitut", r"\bvictimi[sz]", r"\blog ?in\b",
    r"\blogin\b", r"\bclick here\b", r"\binvalid\b", r"\boops\b", r"\bplease enter\b", r"\bstakeholders?\b",
)  # fmt: skip


@cache
def messages() -> set[str]:
    methods = [("engage/**.py", "python"), ("templates/**.html", "jinja2")]
    found = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT, methods, keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
    ):
        found |= {message} if isinstance(message, str) else set(message)
    return found


@pytest.fixture
def words() -> list[str]:
    found = sorted(messages())
    assert len(found) > 300
    return found


@pytest.mark.parametrize("spelling", BRITISH)
def test_the_spelling_is_american(words: list[str], spelling: str) -> None:
    assert [text for text in words if spelling in text.casefold()] == []


@pytest.mark.parametrize("banned", BANNED)
def test_no_word_that_people_would_not_say_or_that_hurts(words: list[str], banned: str) -> None:
    assert [text for text in words if re.search(banned, text, re.IGNORECASE)] == []


def test_the_content_is_american_too() -> None:
    for file in (ROOT / "engage" / "content" / "en").glob("*.yaml"):
        text = file.read_text().casefold()
        assert [spelling for spelling in BRITISH if spelling in text] == [], file.name


def test_the_catalog_is_collected_from_everywhere() -> None:
    """Whether it is up to date is asked by `make check`; here, that the collecting finds what there is."""
    catalog = (ROOT / "engage" / "translations" / "messages.pot").read_text()
    for text in ("Leave this site", "Sign in", "Not saved: no connection", "The database is busy"):
        assert f'msgid "{text}"' in catalog
    assert catalog.count("msgid ") > len(messages()) * 0.8


def test_how_long_an_assessment_takes_is_said_alike_everywhere(words: list[str]) -> None:
    """It is not measured with people yet: 4,066 words alone take 20 minutes to read."""
    steps = (ROOT / "engage" / "content" / "en" / "steps.yaml").read_text()
    said = [re.findall(r"\d+ to \d+ minutes", text) for text in (*words, steps)]
    assert [each for each in said if each] == [["40 to 60 minutes"]] * 4


def test_nothing_is_named_by_its_color_or_its_place_alone(words: list[str]) -> None:
    """1.3.3: whoever does not see the page finds what is meant."""
    seen = r"\b(green|red|amber|yellow|orange|teal|gr[ae]y)\b|\bon the (left|right)\b|\b(left|right)-hand\b"
    assert [text for text in words if re.search(seen, text, re.IGNORECASE)] == []


@pytest.fixture(scope="session")
def checked() -> ModuleType:
    """Returns the program that `make check` runs; it lies beside the glossary, outside every package."""
    spec = importlib.util.spec_from_file_location("words", ROOT / "docs" / "words.py")
    assert spec is not None and spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    sys.modules["words"] = program
    spec.loader.exec_module(program)
    return program


@pytest.mark.parametrize(
    "text",
    [
        "Somebody changed it meanwhile",
        "For whom",
        "What goes on, and why",
        "Take it out",
        "Tie together",
        "Open seats",
        "The middle of 15 ratings is 0.0.",
        "Key a paper",
        "Told on %(day)s",
        "Signature taken back",
        "Say by %(day)s if it shall not go on",
    ],
)
def test_a_sentence_that_sounds_translated_would_be_refused(checked: ModuleType, text: str) -> None:
    assert list(checked.refused(iter([("here", text)]), checked.rules()))


@pytest.mark.parametrize(
    "text",
    [
        "Ask %(whom)s by %(day)s",
        "Needs: what stands out",
        "Once in a while",
        "Tiers",
        "Add someone",
        "A stand-in",
    ],
)
def test_what_a_volunteer_would_say_is_let_through(checked: ModuleType, text: str) -> None:
    assert not list(checked.refused(iter([("here", text)]), checked.rules()))


def test_few_texts_are_excepted_each_with_a_reason(checked: ModuleType) -> None:
    assert len(checked.exceptions()) <= checked.MOST_EXCEPTIONS
    assert all(len(because) > 20 for because in checked.exceptions().values())


def test_no_message_content_or_sample_text_sounds_translated(checked: ModuleType) -> None:
    found = {each.text for each in checked.refused(checked.everything(), checked.rules())}
    assert found == set(checked.exceptions())
