"""What our scripts listen to: nothing happens on looking, focusing, touching or pressing a letter."""

import re

import pytest

from engage.config import ROOT
from engage.web.static_files import script

SCRIPTS = {path.name: path.read_text() for path in sorted((ROOT / "static").glob("*.js"))}
TEMPLATES = {path: path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))}
# Of the browser's own. `focusin` closes the open menu, `focusout` saves the row that was left, and
# `pointerdown` only forgets earlier presses of Shift: the finger may still be moved away.
HEARD = {
    "beforeunload", "click", "focusin", "focusout", "hashchange", "input", "keydown", "online", "pagehide", "pageshow",
    "pointerdown", "submit",
}  # fmt: skip
# What is asked anew when a field changes stays where it is: two questionnaires, the minutes and the
# texts of a report save themselves, a draft counts its minutes.
SAVED_ON_CHANGE = {"question.html", "area.html", "_draft.html", "notes.html", "texts.html"}


def events() -> set[str]:
    """Returns the browser's own events, also those that are written as a list; a worker hears no one."""
    whole = "".join(text for name, text in SCRIPTS.items() if name != "worker.js")
    lists = re.findall(r"for \(const (\w+) of \[([^\]]+)\]\)", whole)
    listed = "".join(names for each, names in lists if f"addEventListener({each}," in whole)
    return {*re.findall(r'addEventListener\("([a-z]+)"', whole), *re.findall(r'"([a-z]+)"', listed)}


def test_scripts_listen_to_nothing_that_a_person_does_without_meaning_it() -> None:
    """No touch, no shaking, no hovering, no focus that opens anything (2.5.1, 2.5.2, 2.5.4, 3.2.1, 1.4.13)."""
    assert events() == HEARD
    (forgets,) = re.findall(r'addEventListener\("pointerdown", (\w+)\)', SCRIPTS["app.js"])
    assert forgets == "forget"


def test_no_letter_or_digit_is_a_shortcut() -> None:
    """2.1.4: Escape closes, Shift, which types nothing, leaves, and / leads to the search where it is not off."""
    keys = {each for text in SCRIPTS.values() for each in re.findall(r'\bkey [!=]== "([^"]+)"', text)}
    assert keys == {"/", "Escape", "Shift"}
    assert not any("keyCode" in text or ".code " in text for text in SCRIPTS.values())


def test_a_field_that_changes_leaves_no_page() -> None:
    """3.2.2: what a change sends by itself comes back into the same page."""
    sends = {
        path.name for path, text in TEMPLATES.items() if re.search(r'data-hx-trigger="[^"]*change', text)
    }
    assert sends == SAVED_ON_CHANGE
    # Signed out meanwhile, a form that saves itself is sent whole; a form that was pressed waits for the server, or
    # for the answers that wait on the phone.
    sends = {name: text.count("requestSubmit") for name, text in SCRIPTS.items() if "requestSubmit" in text}
    # A passkey's button sends the form that was pressed, once the person has proved who they are.
    assert sends == {"autosave.js": 1, "guard.js": 1, "keeping.js": 1, "passkeys.js": 1}


def test_comments_stand_where_they_can_be_left_out_of_what_is_served() -> None:
    for name, text in SCRIPTS.items():
        served = script(text.encode()).decode()
        assert "// " not in served, name
        assert re.sub(r"\s", "", served) == re.sub(r"\s", "", re.sub(r"(^|\s)// .*", "", text)), name


@pytest.mark.parametrize(
    "moving", ["<marquee", "<blink", "<video", "<audio", "autoplay", "<img", "setInterval"]
)
def test_nothing_moves_sounds_or_is_a_picture_of_text(moving: str) -> None:
    """1.2, 1.4.2, 1.4.5, 2.2.2: charts are drawn as SVG, with text that is text."""
    assert not [path for path, text in TEMPLATES.items() if moving in text]
    assert not [name for name, text in SCRIPTS.items() if moving in text]
