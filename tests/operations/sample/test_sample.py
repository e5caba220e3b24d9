"""The sample's file: whatever the day on which it is loaded, it is as it was on the day when it was written."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts.models import Notice, PasswordLink
from engage.assessment.languages import in_all_languages
from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.models import Coalition
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Meeting
from engage.operations.coalition_file.queries.export import document_of, text_of
from engage.operations.sample import service as sample_service
from engage.operations.schema import head
from engage.plan.models import Action, Plan
from engage.plan.repeats.models import Repeat
from engage.plan.repeats.service import series_of
from engage.plan.rules import is_late
from engage.plan.signups import queries as signups_queries
from engage.plan.signups.models import SignupPage

PASSWORDS = {"coordinator": "a lantern by the river", "member": "a meadow in the canyon"}
ZONE = ZoneInfo("America/Chicago")
# Before and after the hour at which the file was written, in winter and in summer, at the ends of months.
MOMENTS = ["2026-11-27T23:30", "2027-02-28T20:00", "2027-07-04T05:30", "2028-02-29T12:00", "2028-12-31T05:59"]
# Columns by the migration that added them.
OF_0086 = {
    "assessment_round": ["rule_changed", "hides_columns", "brought_in"],
    "assessment_response": ["way"],
    "assessment_release": ["sets"],
}
# The later migrations up to the one that added `brought_in` did not add to the sample's rows.
# What came after 0088 and is empty in the sample.
TABLES_SINCE = ("reports_framing_site", "reports_live_link", "reports_live_title", "reports_live_copy")
OF_0088 = {
    "plan_signup": ["is_namesake"],
    "assessment_round": ["brought_in"],
    "plan_update": ["is_by_mail"],
}


@pytest.fixture
def document() -> dict[str, Any]:
    return json.loads(sample_service.FILE.read_text())


def test_young_people_find_a_home_with_licensed_foster_families_and_no_other_host() -> None:
    """A private home for a minor needs a license in most states: the first thing a visitor reads must say so."""
    text = sample_service.FILE.read_text().casefold()
    assert "licensed foster families" in text
    assert "host famil" not in text
    assert "host home" not in text


def test_the_file_fits_the_newest_tables(app: Flask) -> None:
    assert not sample_service.bring_up_to_date(), "The sample is written anew: commit it"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schema", "later", "is_written"),
    [
        ("0087", OF_0088, False),
        ("0085", {**OF_0088, **OF_0086}, True),
    ],
    ids=["a default fills the column", "a migration works it out"],
)
def test_it_is_written_anew_where_new_columns_hold_something_else_than_their_default(
    app: Flask,
    schema: str,
    later: dict[str, list[str]],
    is_written: bool,
    document: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document["schema"] = schema
    # 0103 works out what came up in the menu: as if that were the column's default, so that only `later` differs.
    entries = document["coalition"].pop("menu_entries")
    monkeypatch.setattr(Coalition.__table__.c.menu_entries, "default", sa.ColumnDefault(entries))
    del document["coalition"]["menu_is_short"]
    for table in TABLES_SINCE:
        assert document["rows"].pop(table, []) == []
    for table, columns in later.items():
        for row in document["rows"][table]:
            for column in columns:
                del row[column]
    file = tmp_path / "sample.json"
    file.write_text(text_of(document))
    monkeypatch.setattr(sample_service, "FILE", file)
    assert sample_service.bring_up_to_date() is is_written
    assert json.loads(file.read_text())["schema"] == (head() if is_written else schema)


def test_its_rounds_ask_what_engage_asks_today(document: dict[str, Any]) -> None:
    """Else they would be read in English by those who chose Spanish."""
    for asked in document["rows"]["assessment_round"]:
        for area in in_all_languages(QuestionSet.from_json(asked["questions"])).areas:
            assert "es" in area.texts, area.key
            assert [each.key for each in area.questions if "es" not in each.texts] == [], asked["title"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_late_actions_are_late_and_what_is_to_come_is_to_come(
    app: Flask, moment: str, document: dict[str, Any]
) -> None:
    with time_machine.travel(f"{moment}:00+00:00", tick=False):
        sample_service.build(PASSWORDS)
        now, today = clock.now(), clock.today(ZONE.key)
        actions = db.session.scalars(sa.select(Action)).all()
        assert sum(is_late(each.due_on, each.status, today) for each in actions) == 4
        around = db.session.scalars(sa.select(Round).where(Round.closed_at.is_(None))).one()
        assert around.opened_at < now
        assert around.closes_on is not None and around.closes_on > today
        coming = db.session.scalars(sa.select(Meeting).where(Meeting.starts_at > now)).all()
        assert min(coming, key=lambda each: each.starts_at).starts_at < now + timedelta(weeks=2)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_clock_on_the_wall_and_what_the_calendar_decides_are_right(
    app: Flask, moment: str, document: dict[str, Any]
) -> None:
    with time_machine.travel(f"{moment}:00+00:00", tick=False):
        sample_service.build(PASSWORDS)
        now = clock.now()
    meetings = db.session.scalars(sa.select(Meeting).order_by(Meeting.id))
    for row, meeting in zip(document["rows"]["meetings_meeting"], meetings, strict=True):
        written = datetime.fromisoformat(row["starts_at"]).astimezone(ZONE)
        assert meeting.starts_at.astimezone(ZONE).time() == written.time()
    for column in (HistoryEntry.happened_at, AuditEntry.happened_at, Action.moved_at, Action.created_at):
        assert db.session.scalar(sa.select(sa.func.max(column))) <= now
    plan = db.session.scalars(sa.select(Plan)).one()
    assert plan.title == f"Plan of action {plan.starts_on:%Y}-{plan.ends_on:%y}"
    repeat = db.session.scalars(sa.select(Repeat)).one()
    assert repeat.day == repeat.anchor_on.day
    assert repeat.next_on == series_of(repeat).after(repeat.last_on)


def test_the_page_to_sign_up_for_an_event_has_a_link_that_works(app: Flask) -> None:
    sample_service.build(PASSWORDS)
    pages = db.session.scalars(sa.select(SignupPage)).all()
    assert pages
    assert all(signups_queries.public_token(each) and signups_queries.here_token(each) for each in pages)


def test_no_one_is_told_of_a_link_for_a_password(app: Flask) -> None:
    sample_service.build(PASSWORDS)
    for model in (PasswordLink, Notice):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("moment", ["2027-07-04T21:00", "2028-02-29T21:00", "2028-12-31T21:00"])
def test_a_demo_of_any_day_is_saved_with_the_dates_of_the_file(
    app: Flask, moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sample_service.FILE.read_text().splitlines()
    with time_machine.travel(f"{moment}:00+00:00", tick=False):
        sample_service.build(PASSWORDS)
        made = db.session.scalars(sa.select(Coalition)).one()
        made.mission = "Another mission"
        text = text_of(document_of(made, single_answers=True))
    file = tmp_path / "sample.json"
    file.write_text("\n".join(before))
    monkeypatch.setattr(sample_service, "FILE", file)
    sample_service.save(text)
    changed = set(file.read_text().splitlines()) - set(before)
    # A file from before the last migration gets the new version, too, and the tables that it adds.
    by_version = {'"schema"', '"stays"'}
    assert {line.split(":")[0].strip() for line in changed} - by_version == {'"exported_at"', '"coalition"'}
    exported = datetime.fromisoformat(json.loads(file.read_text())["exported_at"]).astimezone(ZONE)
    assert f"{exported:%Y-%m-%d}" == before[5].split('"')[3][:10]
