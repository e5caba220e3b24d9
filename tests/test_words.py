"""The words on screen: US spelling, our own terms, each of them in the catalog."""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from engage.config import ROOT

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
    """Returns every text that people read, as the catalog has it: `make check` fails when it is not up to date."""
    with (ROOT / "engage" / "translations" / "messages.pot").open("rb") as file:
        said = [message.id for message in read_po(file) if message.id]
    return {text for each in said for text in ([each] if isinstance(each, str) else each)}


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


def test_the_catalog_is_collected_from_everywhere(words: list[str]) -> None:
    """Whether it is up to date is asked by `make check`; here, that the collecting finds what there is."""
    for text in ("Leave this site", "Sign in", "Not saved yet"):
        assert text in words
    assert any(text.startswith("The database is busy") for text in words)


def test_how_long_an_assessment_takes_is_counted_and_nowhere_typed_in(words: list[str]) -> None:
    content = [
        (ROOT / "engage" / "content" / "en" / f"{name}.yaml").read_text() for name in ("steps", "guides")
    ]
    said = [re.findall(r"\d+ to \d+ minutes", text) for text in (*words, *content)]
    assert [each for each in said if each] == []


def test_nothing_is_named_by_its_color_or_its_place_alone(words: list[str]) -> None:
    """1.3.3: whoever does not see the page finds what is meant."""
    seen = r"\b(green|red|amber|yellow|orange|teal|gr[ae]y)\b|\bon the (left|right)\b|\b(left|right)-hand\b"
    assert [text for text in words if re.search(seen, text, re.IGNORECASE)] == []


# A refusal tells of one of these.
TO_DO = re.compile(
    r"\b(Write|Choose|Check|Add|Answer|Change|Correct|Copy|Enter|Give|Invite|Keep|Log|Name|Paste|Record|Remove|Say|Shorten|"
    r"Sign|Split|Start|Take|Try|Type|Use|Wait|name the main ones|shorten it)\b"
)
# Only a page that was changed by hand sends what is no choice; the choices stand beside it.
NOTHING_TO_DO = {"Not a valid choice."}
REFUSES = {"ValidationError", "StopValidation", "DataRequired", "InputRequired", "Length"}


def said_in(node: ast.AST) -> Iterator[str]:
    """Yields the texts that are wrapped for the catalog in this piece of code."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func) in {"_", "_l", "self.gettext"}:
            yield from (text.value for text in each.args[:1] if isinstance(text, ast.Constant))


def refusals() -> set[str]:
    """Returns the texts with which fields are refused."""
    found = set()
    for path in (ROOT / "engage").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call):
                told = [
                    word.value for word in call.keywords if word.arg in {"required", "message", "missing"}
                ]
                if (getattr(call.func, "attr", "") or getattr(call.func, "id", "")) in REFUSES:
                    told += call.args
                found |= {text for each in told for text in said_in(each)}
    return found


def test_a_refusal_says_what_to_do() -> None:
    """3.3.3: beside what is wrong, how to put it right."""
    told = refusals()
    assert len(told) > 120
    assert {text for text in told if not TO_DO.search(text)} == NOTHING_TO_DO


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
        "Single ballots of a vote",
        "Afterwards, shred the paper",
        "The file is not whole",
        "No longer on offer",
        "Call off this event?",
        "To the plan",
        "The round takes no more answers",
        "Open it yourself, and give it to no one else",
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
        "Type: engage tick",
        "There is no backup in this folder",
        "What we can offer",
        "It takes no account",
    ],
)
def test_what_a_volunteer_would_say_is_let_through(checked: ModuleType, text: str) -> None:
    assert not list(checked.refused(iter([("here", text)]), checked.rules()))


def test_what_commands_say_and_their_help_are_looked_through_but_no_remark_on_the_code(
    checked: ModuleType,
) -> None:
    texts = {" ".join(text.split()) for _where, text in checked.in_commands()}
    assert "A restore or an upgrade is running. Wait until it is done, then try again." in texts
    assert any(
        text.startswith("Print a one-time link that lets EMAIL choose a new password.") for text in texts
    )
    assert not any(text.startswith("Checks of an installation") for text in texts)


def test_few_texts_are_excepted_each_with_a_reason(checked: ModuleType) -> None:
    assert len(checked.exceptions()) <= checked.MOST_EXCEPTIONS
    assert all(len(because) > 20 for because in checked.exceptions().values())
