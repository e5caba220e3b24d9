"""Builds the demo's sample coalition, and saves a demo as the sample."""

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engage import clock
from engage.accounts import passwords as hashing
from engage.accounts.models import User
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.operations.coalition_file.layout import Row
from engage.operations.coalition_file.queries.export import text_of
from engage.operations.coalition_file.service import importing
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
# This is a goal that the coalition gave up, so that the trash has something to show.
DELETED_GOAL = "Stop every bus at the state line"

_DATE = re.compile(r'"(\d{4}-\d\d-\d\d(?:T[\d:.+]+)?)"')
_YEARS = re.compile(r"\d{4}-\d\d$")
_NEVER = datetime.max.replace(tzinfo=UTC)
# These lines of the audit log are about the file itself.
_OF_FILES = frozenset({AuditEvent.IMPORTED, AuditEvent.DOWNLOADED})


def build(passwords: dict[str, str]) -> dict[str, str]:
    """Writes the sample into this database, as of today.

    Returns the e-mail addresses of the coordinator and of the member, who sign in with these passwords. The
    caller commits.
    """
    text = FILE.read_text()
    document = json.loads(text)
    days = clock.today(document["coalition"]["time_zone"]) - _day(document, document["exported_at"])
    document = _moved(text, days, latest=clock.now())
    _add_accounts(document, passwords)
    written = importing.write(importing.read(text_of(document).encode(), None), None)
    _add_what_stays(written.coalition)
    return ADDRESSES


def save(text: str) -> None:
    """Writes the export of a demo as the sample, with its dates moved back to the file's own day.

    Rows that each import adds are left out, and so is the history of things in the trash.
    """
    document, before = json.loads(text), json.loads(FILE.read_text())
    rows = document["rows"]
    for table in ("history_entry", "coalitions_audit"):
        there = (row for row in rows[table] if (row["thing_id"] or 1) > 0)
        kept = (row for row in there if row.get("event") not in _OF_FILES)
        rows[table] = [{**row, "id": number} for number, row in enumerate(kept, start=1)]
    # No one can change when the coalition was made, so this shows by how many days the demo was moved.
    then, now = (_day(each, each["coalition"]["created_at"]) for each in (before, document))
    FILE.write_text(text_of(_moved(text_of(document), then - now)))


def _day(document: dict[str, Any], moment: str) -> date:
    """Returns the day in the coalition's time zone."""
    return clock.local_day(datetime.fromisoformat(moment), document["coalition"]["time_zone"])


def _moved(text: str, days: timedelta, latest: datetime = _NEVER) -> dict[str, object]:
    """Returns the document with every date and time so many days later, at the same time of day for the coalition.

    Events that lay in the past when the file was written are not later than `latest`.
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
    """Makes values that follow from dates follow from the new dates."""
    for plan in rows["plan_plan"]:
        plan["title"] = _YEARS.sub(f"{plan['starts_on'][:4]}-{plan['ends_on'][2:4]}", plan["title"])
    for repeat in rows["plan_repeat"]:
        if repeat["unit"] == RepeatUnit.MONTH_DAY and repeat["next_on"]:
            anchor, last = (date.fromisoformat(repeat[name]) for name in ("anchor_on", "last_on"))
            series = Series(Rule(RepeatUnit.MONTH_DAY, repeat["every"], anchor.day), anchor)
            repeat |= {"day": anchor.day, "next_on": str(series.after(last))}


def _add_accounts(document: dict[str, Any], passwords: dict[str, str]) -> None:
    """Adds everyone's account, so that the import finds it. No one knows the others' passwords."""
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
    db.session.commit()  # the import begins a transaction of its own


def _add_what_stays(coalition: Coalition) -> None:
    """Adds the trash, and links to the public page and to the sign-up page, which an export leaves out."""
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
