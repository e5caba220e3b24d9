"""Defines the contents of a coalition's file."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.rules import Role
from engage.columns import about as said_of
from engage.columns import that_say
from engage.database import Base
from engage.meetings.agenda.rules.about import AboutKind, about, read

FORMAT = "engage-coalition"
VERSION = 1
COALITIONS, ACCOUNTS = "coalitions_coalition", "accounts_user"
PEOPLE = "coalitions_membership"
Row = dict[str, Any]

# Tables of a coalition that are not exported, with the reason.
STAY = {
    "coalitions_invitation": "a link that opens a door, made with that installation's key",
    "reports_public_page": "the public page's link; what is shown there goes along",
    "partners_referral_link": "a link that opens a door, made with that installation's key",
    "reports_live_link": "a link that opens a door, made with that installation's key",
    "reports_live_title": "titles that were let into tables by that installation's links, hashed with its key",
    "reports_live_copy": "tables as spreadsheets last read them; they are computed again",
    "strengths_vote_code": "codes on paper, made with that installation's key",
    "strengths_ballot": "who is told by a browser or a slip could vote twice elsewhere",
    "strengths_ballot_rating": "part of a ballot",
    "assessment_door": "a link that opens a door, made with that installation's key",
    "assessment_slip": "codes on paper and in e-mails, made with that installation's key",
    "assessment_offline_key": "keys of phones that wait for a network, made with that installation's key",
    "assessment_import": "rows and columns of files, told apart by hashes with that installation's key",
    "assessment_tally": "what was seen of an open round on a day; it is counted again",
    "coalitions_reported": "it names pages by their address here",
    "messages_letter": "letters went out from there; their texts are emptied after 30 days",
    "messages_letter_to": "who got a letter from there",
    "messages_action_link": "links in e-mails that went out from there",
    "messages_approval": "who was told by that installation that they were approved",
    "operations_shared_count": "what it shares with the other coalitions of that installation",
    "kept_copy": "undo and trash: what was deleted is not carried on",
}
# Tables whose rows are one person's answers, so they are only in an admin's file, never in a coordinator's.
SINGLE_ANSWERS = frozenset(
    {
        "assessment_response",
        "assessment_answer",
        "assessment_paper",
        "assessment_guest",
        "messages_look",
        "plan_feedback_response",
    }
)
# For entries of the history about the public page: the table of the thing that was shown, whose id is stored.
_SHOWN = {
    "reports_public_goal": "plan_goal",
    "reports_public_measure": "plan_measure",
    "reports_public_partner": "partners_agreement",
}
# Subjects of agenda lines that contain an id, with its table. They are no foreign keys: see `unmarked`.
_AGENDA_IDS = {
    AboutKind.INDICATOR: "assessment_round",
    AboutKind.RECRUITMENT: "partners_seat",
    AboutKind.LINE: "meetings_agenda_item",
}


class Numbers(Struct, frozen=True):
    """Maps ids between a database and a file.

    `of` returns None for a row that is not copied. `gone` returns for such a row a number that no other row
    has, so that the history can still refer to it.
    """

    of: Callable[[str, int], int | None]
    gone: Callable[[str, int], int]

    def always(self, table: str, number: int) -> int:
        found = self.of(table, number)
        return self.gone(table, number) if found is None else found


def taken(metadata: sa.MetaData) -> list[sa.Table]:
    """Returns the tables that are copied, each after the tables that it refers to."""
    return [each for each in metadata.sorted_tables if "coalition_id" in each.c and each.name not in STAY]


@cache
def made_anew() -> dict[str, dict[str, Callable[[], str]]]:
    """Returns functions that make a new secret, by table and column, for columns that give access.

    After an import, the rows still show what happened, but links and codes that people have work only in the
    earlier installation.
    """
    found: dict[str, dict[str, Callable[[], str]]] = defaultdict(dict)
    for column, make in that_say(Base.metadata, "made_anew"):
        found[column.table.name][column.name] = make
    return dict(found)


def of_itself(metadata: sa.MetaData) -> list[sa.Column[object]]:
    """Returns the columns of the coalition's own row that are exported."""
    return [
        column
        for column in metadata.tables[COALITIONS].c
        if column.name not in {"id", *_left_out(COALITIONS)}
    ]


def columns(table: sa.Table) -> list[sa.Column[object]]:
    """Returns the columns of a table that are exported."""
    return [column for column in table.c if column.name not in {"coalition_id", *_left_out(table.name)}]


@cache
def _left_out(name: str) -> set[str]:
    """Returns the columns that are not exported. For a table of an earlier version, it uses today's model."""
    table = Base.metadata.tables.get(name)
    return (
        {column.name for column in table.c if not said_of(column).is_exported} if table is not None else set()
    )


def is_private(table: str, row: Row) -> bool:
    """Returns whether coordinators may not read the row: a private note, or an effort that was not shared."""
    return (table == "toolkit_note" and not row["is_shared"]) or (
        table == "assessment_effort" and not row["shared"]
    )


def without_single_answers(table: str, row: Row) -> Row:
    """Returns the row without counts that may reveal a single answer: those by open link and by language.

    Releases of the round contain such counts where that is allowed. The same holds for the sets of people
    behind a release's values.
    """
    emptied: dict[str, Row] = {
        "assessment_round": {"by_link": 0, "by_language": {}},
        "assessment_release": {"sets": {}},
    }
    return {**row, **emptied.get(table, {})}


def with_seen_contacts(person: Row, *, all_of_them: bool) -> Row:
    """Returns the person's row with only the phone number and address that they show to other members.

    With `all_of_them` it keeps both, except the address of a person who was not yet told that coordinators
    see it. An account is identified by its address, so that without an address the row has no account.
    Coordinators keep their account, because otherwise no one could lead the imported coalition.
    """
    shown = dict(person)
    was_told = person["understood_at"] is not None or person["user_id"] is None
    if not person["shows_email"] and not (all_of_them and was_told):
        shown["email"] = ""
        if person["role"] is not Role.COORDINATOR:
            shown["user_id"] = None
    if not person["shows_phone"] and not all_of_them:
        shown["phone"] = ""
    return shown


def pointers(table: sa.Table) -> dict[str, str]:
    """Returns the columns that contain an id, with the table that each refers to."""
    return {
        element.parent.name: element.column.table.name
        for key in table.foreign_key_constraints
        for element in key.elements
        if element.column.name == "id" and element.parent.name != "coalition_id"
    }


def pointed(table: sa.Table, row: Row, numbers: Numbers) -> Row | None:
    """Returns the row with new ids in its foreign keys; None if it requires a row that is not copied."""
    changed = dict(row)
    for column, other in pointers(table).items():
        if row[column] is not None:
            changed[column] = numbers.of(other, row[column])
            if changed[column] is None and not table.c[column].nullable:
                return None
    return changed


def unmarked(table: sa.Table, row: Row, numbers: Numbers) -> Row:
    """Returns the row with new ids in columns that contain ids but are not foreign keys.

    Such an id may be of any table, and of a row that no longer exists.
    """
    row = dict(row)
    match table.name:
        case "history_entry":
            thing = table.metadata.tables.get(row["thing"])
            row["thing_id"] = numbers.always(_SHOWN.get(row["thing"]) or row["thing"], row["thing_id"])
            other = pointers(thing).get(row["field"]) if thing is not None else None
            for side in ("old", "new") if other else ():
                if str(row[side]).lstrip("-").isdecimal():
                    row[side] = str(numbers.always(str(other), int(row[side])))
        case "coalitions_audit":
            if row["thing_id"] is not None:
                row["thing_id"] = numbers.always(row["thing"], row["thing_id"])
            if row["event"] == AuditEvent.HANDED_OVER and row["number"] is not None:
                row["number"] = numbers.always("coalitions_membership", row["number"])
        case "meetings_agenda_item":
            row["about"] = _about(row["about"], numbers)
        case "plan_plan" if row["snapshot"]:
            row["snapshot"] = _snapshot(row["snapshot"], numbers)
    return row


def _about(said: str, numbers: Numbers) -> str:
    meant = read(said) if said else None
    if meant is None or meant.kind not in _AGENDA_IDS:
        return said
    number = numbers.of(_AGENDA_IDS[meant.kind], meant.number)
    return "" if number is None else about(meant.kind, number, *meant.names[1:])


def _snapshot(snapshot: Row, numbers: Numbers) -> Row:
    places = {"goal": "plan_goal", "objective": "plan_objective"}

    def moved(each: Row, own: str | None) -> Row:
        ids = {**places, **({"id": own} if own else {})}
        new = {
            name: numbers.always(table, each[name])
            for name, table in ids.items()
            if each.get(name) is not None
        }
        return {**each, **new}

    return {
        **snapshot,
        "goals": [moved(each, "plan_goal") for each in snapshot["goals"]],
        "objectives": [moved(each, "plan_objective") for each in snapshot["objectives"]],
        "actions": [moved(each, None) for each in snapshot["actions"]],
    }
