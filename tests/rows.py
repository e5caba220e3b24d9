"""Makes one valid row of any table, from the metadata alone, for tests that walk every table."""

from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engage import clock
from engage.assessment.questions import frozen
from engage.config import ROOT
from engage.content.loader import content
from engage.extensions import db
from engage.web.paper.rules import Paper, kept

for _file in sorted(Path(ROOT, "engage").rglob("models.py")):
    import_module(".".join(_file.relative_to(ROOT).with_suffix("").parts))
import_module("engage.history")
import_module("engage.snapshots")

_number = count(1)


def insert(table: sa.Table, values: dict[str, Any] | None = None, *, coalition: int | None = None) -> int:
    """Inserts a row, with the rows that it needs; returns its id. `coalition` is the one that it belongs to."""
    given = {**(values or {})}
    if "coalition_id" in table.c and "coalition_id" not in given:
        given["coalition_id"] = coalition or insert(_table("coalitions_coalition"))
    given = {**_fitting(table.name, given), **given}
    for key in table.foreign_key_constraints:
        column = table.c[key.column_keys[-1]]
        if column.name not in given and not column.nullable:
            given[column.name] = _needed(key.referred_table, given.get("coalition_id"))
    for column in table.columns:
        if column.name not in given and not column.nullable and not column.primary_key:
            given[column.name] = _value(column)
        if column.primary_key and column.name not in given and not isinstance(column.type, sa.Integer):
            given[column.name] = f"key {next(_number)}"
    result = db.session.execute(sa.insert(table).values(**given))
    key = result.inserted_primary_key
    return int(key[0]) if key is not None and isinstance(key[0], int) else 0


def _needed(table: sa.Table, coalition: int | None) -> int:
    """Returns a row that another one has to point at: the coalition's own, made if there is none."""
    if coalition is not None and "coalition_id" in table.c:
        found = db.session.scalar(sa.select(table.c.id).where(table.c.coalition_id == coalition).limit(1))
        if found is not None:
            return int(found)
    return insert(table, coalition=coalition)


def _fitting(table: str, given: dict[str, Any]) -> dict[str, Any]:
    """Returns what a table's own CHECKs ask beside the given values."""
    match table:
        case "coalitions_membership":
            coordinates = given.get("role") == "coordinator"
            return {"role": "member", "user_id": insert(_table("accounts_user")) if coordinates else None}
        case "messages_letter_to" if not {"invitation_id", "membership_id", "signup_id"} & given.keys():
            return {"membership_id": _needed(_table("coalitions_membership"), given.get("coalition_id"))}
        case "messages_action_link":
            return {"used_at": clock.now()} if given.get("said") is not None else {}
        case "coalitions_group":
            return {"kind": "workgroup"}
        case "coalitions_invitation":
            kind = given.get("kind", "open")
            bound = kind == "bound"
            email = "somebody@example.org" if bound else ""
            return {"kind": kind, "email": email, "needs_approval": not bound}
        case "partners_affiliation":
            return {"sector": None if "organization_id" in given else "residents"}
        case "assessment_round":
            return {"k": 3, "questions": frozen(content(), "en").to_json()}
        case "assessment_tally":
            return {"counts": {"ways": {}, "sectors": {}}}
        case "assessment_draft_set":
            return {"questions": frozen(content(), "en").to_json()}
        case "assessment_answer":
            kind = given.get("kind", "rating")
            return {
                "kind": kind,
                "rating": 1 if kind == "rating" else None,
                "chosen": 1 if kind == "choice" else None,
            }
        case "partners_agreement":
            signed = given.get("state") == "signed"
            return {"signed_on": date(2026, 3, 1) if signed else None}
        case "coalitions_coalition":
            return {"active_months": 6, "quiet_days": 90, "contact_months": 12}
        case "partners_seat":
            if "taken_by_id" in given or "outcome" in given:
                return {"closed_on": date(2026, 3, 1), "outcome": "taken"}
        case "meetings_meeting":
            return {"minutes": 90}
        case "meetings_attendance":
            return {"guest": "" if "membership_id" in given else "A guest"}
        case "strengths_need":
            by_hand = "round_id" not in given
            rated = {"importance": 3, "feasibility": 3, "rating_source": "hand", "rated_on": date(2026, 3, 1)}
            fitting: dict[str, Any] = {"stated_gap": 2 if by_hand else None}
            fitting["indicator"] = "" if by_hand else "beds"
            return {**fitting, **(rated if given.keys() & rated.keys() else {})}
        case "strengths_vote":
            moved = {"opened_at": None if given.get("state", "prepared") == "prepared" else clock.now()}
            if given.get("state") == "closed":
                moved |= {"closed_at": clock.now(), "ballots": 3}
            dotted = given.get("method") == "dots"
            return {**moved, "dots": 5 if dotted else None, "dots_each": 3 if dotted else None}
        case "strengths_ballot_rating":
            return {"importance": 3, "feasibility": 3}
        case "assessment_agreed_value":
            return {"value": 2.5, "agreed_on": date(2026, 3, 1)}
        case "assessment_effort":
            if "response_id" in given:
                return {"round_id": _needed(_table("assessment_round"), given["coalition_id"])}
        case "toolkit_section":
            return {"key": "own-1", "title": "Something to read"}
        case "toolkit_note":
            return {"area": "" if "section_id" in given else _content_keys()["area"]}
        case "toolkit_outcome":
            if not {"need_id", "strength_id"} & given.keys():
                return {"need_id": _needed(_table("strengths_need"), given["coalition_id"])}
        case "documents_use":
            things = {"agreement_id", "organization_id", "meeting_id", "item_id", "action_id"}
            if not things & given.keys():
                return {"organization_id": _needed(_table("partners_organization"), given["coalition_id"])}
        case "coalitions_reported":
            closed = {"closed_at": clock.now(), "outcome": "kept"}
            return closed if given.keys() & {"outcome", "closed_at"} else {}
        case "reports_funder_copy":
            return {"paper": kept(Paper("Funder report", "What was done", "Riverbend", "", "March"))}
        case "kept_copy":
            ended = {"ended_at": clock.now(), "ended": "restored", "title": ""}
            return ended if given.keys() & {"ended", "ended_at"} else {}
        case "plan_repeat":
            unit = given.get("unit")
            weekday = {"nth": 2, "weekday": 1} if unit == "month_weekday" else {}
            return {"day": 31, "unit": "month_day"} if unit in {None, "month_day"} else weekday
        case "plan_action":
            done = given.get("status") == "done"
            return {
                **({"repeat_on": date(2026, 3, 1)} if "repeat_id" in given else {}),
                "done_on": date(2026, 3, 1) if done else None,
                "indicator": "beds" if "round_id" in given else "",
            }
    return {}


def _table(name: str) -> sa.Table:
    return db.metadata.tables[name]


def _content_keys() -> dict[str, str]:
    """Returns columns that hold a key of the content, with an existing one."""
    known = content()
    return {
        "discipline": known.person_disciplines()[0].key,
        "sector": known.sectors[0].key,
        "area": known.areas[0].key,
        "focus_area": known.areas[0].key,
        "step": known.steps[0].key,
        "item": known.tips[0].items[0].key,
        "indicator": known.indicators[0].key,
    }


def _value(column: sa.Column[Any]) -> Any:
    number = next(_number)
    kind = column.type
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class or ()))
    if column.name in (keys := _content_keys()):
        return keys[column.name]
    if isinstance(kind, sa.String):
        return f"text {number}"[: kind.length or 20]
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer | sa.Numeric | sa.Float):
        return 1
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.Date):
        return date(2026, 3, 1)
    return clock.now()
