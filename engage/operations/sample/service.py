"""Builds the demo's sample coalition, and saves a changed demo as the new sample."""

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engage import clock, snapshots
from engage.accounts import passwords as hashing
from engage.accounts.models import User
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.operations.coalition_file.layout import COALITIONS, Row, columns, of_itself, taken
from engage.operations.coalition_file.queries.export import text_of
from engage.operations.coalition_file.service import importing
from engage.operations.schema import head
from engage.plan.models import Goal, Plan
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import PlanStatus
from engage.plan.signups import service as signups_service
from engage.plan.signups.models import SignupPage
from engage.plan.undo.service import trash
from engage.reports.models import PublicPage
from engage.reports.public import service as public_service
from engage.tokens import new_token

FILE = Path(__file__).with_name("sample.json")
ADDRESSES = {"coordinator": "maria@example.org", "member": "dan@example.org"}
# A goal that the coalition dropped, so that the trash is not empty.
DELETED_GOAL = "Stop every bus at the state line"

_DATE = re.compile(r'"(\d{4}-\d\d-\d\d(?:T[\d:.+]+)?)"')
_YEARS = re.compile(r"\d{4}-\d\d$")
_NEVER = datetime.max.replace(tzinfo=UTC)
# Events of the audit log that exporting and importing the file cause.
_OF_FILES = frozenset({AuditEvent.IMPORTED, AuditEvent.DOWNLOADED})


def build(passwords: dict[str, str]) -> dict[str, str]:
    """Imports the sample into this database, with its dates moved to today.

    Returns the e-mail addresses of the coordinator and of the member, who sign in with these passwords. The
    caller commits.
    """
    document = _filled(json.loads(FILE.read_text()))
    days = clock.today(document["coalition"]["time_zone"]) - _day(document, document["exported_at"])
    document = _moved(text_of(document), days, latest=clock.now())
    _add_accounts(document, passwords)
    written = importing.write(importing.read(text_of(document).encode(), None), None)
    _add_what_stays(written.coalition)
    return ADDRESSES


def save(text: str) -> None:
    """Saves an exported demo as the sample, with its dates moved back to those of the file.

    It leaves out rows that each import adds, and the history of things in the trash.
    """
    document, before = json.loads(text), json.loads(FILE.read_text())
    rows = document["rows"]
    for table in ("history_entry", "coalitions_audit"):
        there = (row for row in rows[table] if (row["thing_id"] or 1) > 0)
        kept = (row for row in there if row.get("event") not in _OF_FILES)
        rows[table] = [{**row, "id": number} for number, row in enumerate(kept, start=1)]
    # The day on which the coalition was created cannot be edited, so it shows how far the dates were moved.
    then, now = (_day(each, each["coalition"]["created_at"]) for each in (before, document))
    FILE.write_text(text_of(_moved(text_of(document), then - now)))


def bring_up_to_date() -> bool:
    """Migrates the sample's file if migrations changed more than adding columns; returns whether they did."""
    document = json.loads(FILE.read_text())
    if document["schema"] == head():
        return False
    now = importing.at_this_version(document)
    if all(now[name] == _filled(document)[name] for name in ("coalition", "rows")):
        return False
    FILE.write_text(
        text_of({**document, **{name: now[name] for name in ("schema", "stays", "coalition", "rows")}})
    )
    return True


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    """Returns the document with what was added after it was written: default values in columns, tables without rows.

    So a migration that only adds these need not change the file; `bring_up_to_date` compares both.
    """
    wanted = {table.name: columns(table) for table in taken(db.metadata)}
    rows = {COALITIONS: [document["coalition"]], **dict.fromkeys(wanted, ()), **document["rows"]}
    filled = {
        name: [{**_defaults(wanted.get(name) or of_itself(db.metadata)), **row} for row in rows[name]]
        for name in rows
    }
    (coalition,) = filled.pop(COALITIONS)
    return {**document, "schema": head(), "coalition": coalition, "rows": filled}


def _defaults(wanted: list[sa.Column[object]]) -> Row:
    """Returns the default values of columns that may be empty or have a constant default."""
    defaults: dict[str, Any] = {each.name: each.default for each in wanted if each.default is not None}
    fixed = {name: default.arg for name, default in defaults.items() if default.is_scalar}
    empty = {each.name: None for each in wanted if each.nullable}
    return {name: snapshots.plain(value) for name, value in {**empty, **fixed}.items()}


def _day(document: dict[str, Any], moment: str) -> date:
    """Returns the day in the coalition's time zone."""
    return clock.local_day(datetime.fromisoformat(moment), document["coalition"]["time_zone"])


def _moved(text: str, days: timedelta, latest: datetime = _NEVER) -> dict[str, object]:
    """Returns the document with all dates and times moved by this many days, at the same local time of day.

    Times that were past when the file was written become at most `latest`.
    """
    document = json.loads(text)
    zone = ZoneInfo(document["coalition"]["time_zone"])
    written = datetime.fromisoformat(document["exported_at"])

    def moved(found: re.Match[str]) -> str:
        if "T" not in found[1]:
            return f'"{date.fromisoformat(found[1]) + days}"'
        moment = datetime.fromisoformat(found[1])
        later = (moment.astimezone(zone) + days).astimezone(UTC)
        return f'"{(min(later, latest) if moment <= written else later).isoformat()}"'

    document = json.loads(_DATE.sub(moved, text))
    _count_anew(document["rows"])
    return document


def _count_anew(rows: dict[str, list[Row]]) -> None:
    """Recalculates values that are derived from dates, such as a plan's title."""
    for plan in rows["plan_plan"]:
        plan["title"] = _YEARS.sub(f"{plan['starts_on'][:4]}-{plan['ends_on'][2:4]}", plan["title"])
    for repeat in rows["plan_repeat"]:
        if repeat["unit"] == RepeatUnit.MONTH_DAY and repeat["next_on"]:
            anchor, last = (date.fromisoformat(repeat[name]) for name in ("anchor_on", "last_on"))
            series = Series(Rule(RepeatUnit.MONTH_DAY, repeat["every"], anchor.day), anchor)
            repeat |= {"day": anchor.day, "next_on": str(series.after(last))}


def _add_accounts(document: dict[str, Any], passwords: dict[str, str]) -> None:
    """Adds an account for each person, which the import then uses. Only the given passwords are known."""
    known = {ADDRESSES[role]: hashing.hash_of(password) for role, password in passwords.items()}
    unknown = hashing.hash_of(new_token())
    since = {row["user_id"]: row["joined_at"] for row in document["rows"]["coalitions_membership"]}
    for each in document["accounts"]:
        user = User(
            name=each["name"],
            email=each["email"],
            password_hash=known.get(each["email"], unknown),
            is_admin=each["email"] == ADDRESSES["coordinator"],
            created_at=datetime.fromisoformat(since[each["id"]]),
        )
        db.session.add(user)
    db.session.commit()  # so that the import can start its own transaction


def _add_what_stays(coalition: Coalition) -> None:
    """Adds what an export leaves out: the trash, and links to the public page and to the sign-up page."""
    own = sa.select(Membership).where(Membership.coalition_id == coalition.id)
    coordinator = db.session.scalars(
        own.join(User, User.id == Membership.user_id).where(User.email == ADDRESSES["coordinator"])
    ).one()
    current = sa.select(Plan).where(Plan.coalition_id == coalition.id, Plan.status == PlanStatus.ADOPTED)
    plan = db.session.scalars(current).one()
    goal = Goal(coalition_id=coalition.id, plan_id=plan.id, position=99, title=DELETED_GOAL)
    db.session.add_all([goal, PublicPage(coalition_id=coalition.id)])
    db.session.flush()
    trash.delete_goal(coordinator, goal)
    public_service.publish(coordinator)
    pages = sa.select(SignupPage).where(SignupPage.coalition_id == coalition.id)
    for page in db.session.scalars(pages):
        signups_service.give_links(page)


if __name__ == "__main__":
    save(sys.stdin.read())
