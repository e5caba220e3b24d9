"""Tests that lines stay readable in both languages as long as they stand as Engage drafted them."""

import pytest

from engage.content.loader import content
from engage.meetings.rules import Source
from tests.client import EngageClient
from tests.meetings.rows import make_item, make_meeting

HOME = "/c/riverbend/meetings/"
LINES = {each: content(each).agenda("first").lines[0] for each in ("en", "es")}
USUAL = "template:first:first-ground-rules"


@pytest.mark.parametrize(
    ("source", "about", "english", "spanish"),
    [
        (Source.TEMPLATE, USUAL, LINES["en"].title, LINES["es"].title),
        (Source.HAND, USUAL, LINES["en"].title, LINES["es"].title),  # copied to another meeting
        (Source.LATE_ACTION, "action:3", "Action 3: Print the card", "Acción 3: Print the card"),
        (Source.CARRIED_OVER, "action:3", "Action 3: Print the card", "Acción 3: Print the card"),
        (Source.TIP, "tip:mission", "Tips for Success: {tip}", "Consejos para el éxito: {tip}"),
        (Source.GAP, "indicator:1:x", "Gap: {statement}", "Brecha: {statement}"),
        (
            Source.MISSING_SECTOR,
            "seat:1",
            "Sector to recruit: {sector}: {area} ({work})",
            "Sector por invitar: {sector}: {area} ({work})",
        ),
    ],
)
def test_a_drafted_line_is_read_in_the_language_of_its_reader_whichever_it_was_drafted_in(
    coordinator: EngageClient, source: Source, about: str, english: str, spanish: str
) -> None:
    drafted = {}
    for key, text in {"en": english, "es": spanish}.items():
        known = content(key)
        drafted[key] = text.format(
            tip=known.tips[0].name,
            statement=known.indicators[0].title,
            sector=known.sectors[0].name,
            area=known.areas[0].name,
            work=known.discipline_groups[0].disciplines[0].name,
        )
    for title in drafted.values():
        meeting = make_meeting(coordinator.membership)
        make_item(meeting, title, source=source, about=about)
        both = coordinator.page(f"{HOME}{meeting.id}/agenda/?also=es")
        sheets = both.texts("main div[lang] .meeting-paper-agenda")
        assert len(sheets) == 2
        assert drafted["en"] in sheets[0]
        assert drafted["es"] in sheets[1]
        assert drafted["en"] in coordinator.page(f"{HOME}{meeting.id}/").text("main")


@pytest.mark.parametrize("about", ["", "line:3"])
def test_a_line_that_someone_wrote_or_changed_stays_as_it_is(coordinator: EngageClient, about: str) -> None:
    meeting = make_meeting(coordinator.membership)
    make_item(meeting, "Gap: no beds", about=about)
    make_item(meeting, f"{LINES['en'].title}!", source=Source.TEMPLATE, about=USUAL, position=2)
    spanish = coordinator.page(f"{HOME}{meeting.id}/agenda/?lang=es")
    assert spanish.has("Gap: no beds")
    assert spanish.has(f"{LINES['en'].title}!")


def test_editing_shows_the_line_as_it_is_read_and_keeps_what_was_left_alone(
    coordinator: EngageClient,
) -> None:
    meeting = make_meeting(coordinator.membership)
    item = make_item(
        meeting, LINES["es"].title, source=Source.TEMPLATE, about=USUAL, output=LINES["es"].output
    )
    path = f"{HOME}{meeting.id}/agenda/{item.id}/edit"
    page = coordinator.page(path)
    assert (page.value("title"), page.one("#output").attributes["value"]) == (
        LINES["en"].title,
        LINES["en"].output,
    )
    sent = {"title": LINES["en"].title, "output": "Rules", "minutes": "15", "lead_id": "0", "version": "1"}
    coordinator.send(path, **sent, about_kind="same", about_number="")
    assert (item.title, item.output, item.minutes) == (LINES["es"].title, "Rules", 15)
