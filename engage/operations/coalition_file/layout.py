"""Defines what the file of one coalition contains."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.rules import Role
from engage.meetings.agenda.rules.about import AboutKind, about, read
from engage.strengths.votes.service import TOKEN_LENGTH
from engage.tokens import hashed, new_token, readable_token

FORMAT = "engage-coalition"
VERSION = 1
COALITIONS, ACCOUNTS = "coalitions_coalition", "accounts_user"
PEOPLE = "coalitions_membership"
Row = dict[str, Any]

# These tables of a coalition are not exported, each for the given reason.
STAY = {
    "coalitions_invitation": "a link that opens a door, made with that installation's key",
    "reports_public_page": "the public page's link; what is shown there goes along",
    "partners_referral_link": "a link that opens a door, made with that installation's key",
    "strengths_vote_code": "codes on paper, made with that installation's key",
    "strengths_ballot": "who is told by a browser or a slip could vote twice elsewhere",
    "strengths_ballot_rating": "part of a ballot",
    "assessment_door": "a link that opens a door, made with that installation's key",
    "assessment_slip": "codes on paper and in e-mails, made with that installation's key",
    "assessment_tally": "what was seen of an open round on a day; it is counted again",
    "coalitions_reported": "it names pages by their address here",
    "messages_letter": "letters went out from there; their texts are emptied after 30 days",
    "messages_letter_to": "who got a letter from there",
    "operations_shared_count": "what it shares with the other coalitions of that installation",
    "kept_copy": "undo and trash: what was deleted is not carried on",
}
# Each of these rows comes from one person alone, so they are in an admin's file but never in a coordinator's.
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
# The installation sets these columns of a coalition.
NOT_ITS_OWN = frozenset({"id", "version", "closed_at", "texts_reported"})


def _opens_nothing() -> str:
    return hashed(new_token())


# Values in these columns give access to something. In another installation they are replaced by these values,
# by table.
MADE_ANEW: dict[str, dict[str, Callable[[], str]]] = {
    "strengths_vote": {"token": lambda: readable_token(TOKEN_LENGTH)},
    # The row still says that a response came through a door, but no browser and no code opens it here.
    "assessment_guest": {"key_hash": _opens_nothing, "resume_hash": _opens_nothing},
    # Sign-ups and their page stay; links that people have, and posters, lead to the earlier installation.
    "plan_signup_page": {
        "nonce": new_token,
        "token_hash": _opens_nothing,
        "here_nonce": new_token,
        "here_hash": _opens_nothing,
    },
    "plan_signup": {"nonce": new_token, "token_hash": _opens_nothing, "confirm_hash": _opens_nothing},
    # Questions and answers stay; the link leads to the earlier installation, and no browser is known here.
    "plan_feedback": {"nonce": new_token, "token_hash": _opens_nothing},
    "plan_feedback_response": {"key_hash": _opens_nothing},
    # People who stopped letters there get none here, too; the links in old letters lead to the earlier
    # installation.
    "messages_letter_wish": {"nonce": new_token, "token_hash": lambda: hashed(new_token())},
}
# History about the public page names the shown thing in this column, by its id.
_SHOWN = {
    "reports_public_goal": "plan_goal",
    "reports_public_measure": "plan_measure",
    "reports_public_partner": "partners_agreement",
}
# These ids have no foreign key: see `unmarked`.
_AGENDA_IDS = {
    AboutKind.INDICATOR: "assessment_round",
    AboutKind.RECRUITMENT: "partners_seat",
    AboutKind.LINE: "meetings_agenda_item",
}


class Numbers(Struct, frozen=True):
    """Maps ids between a database and a file.

    `of` returns None for a row that is not copied; `gone` then still returns a number that no row has, so
    that history can mention deleted things.
    """

    of: Callable[[str, int], int | None]
    gone: Callable[[str, int], int]

    def always(self, table: str, number: int) -> int:
        found = self.of(table, number)
        return self.gone(table, number) if found is None else found


def taken(metadata: sa.MetaData) -> list[sa.Table]:
    """Returns the tables whose rows are copied, each after the tables that it refers to."""
    return [each for each in metadata.sorted_tables if "coalition_id" in each.c and each.name not in STAY]


def of_itself(metadata: sa.MetaData) -> list[sa.Column[object]]:
    """Returns the coalition's own columns in a file."""
    return [column for column in metadata.tables[COALITIONS].c if column.name not in NOT_ITS_OWN]


def columns(table: sa.Table) -> list[sa.Column[object]]:
    """Returns the columns of a row in a file."""
    silent = {"coalition_id", *MADE_ANEW.get(table.name, {})}
    return [column for column in table.c if column.name not in silent]


def is_private(table: str, row: Row) -> bool:
    """Returns whether coordinators may not read the row: a private note, or an effort that no release has shared."""
    return (table == "toolkit_note" and not row["is_shared"]) or (
        table == "assessment_effort" and not row["shared"]
    )


def without_single_answers(table: str, row: Row) -> Row:
    """Returns the row without counts that may be of a single answer: those by open link and by language.

    The round's releases show them where that is allowed, and here only new answers will count.
    """
    return {**row, "by_link": 0, "by_language": {}} if table == "assessment_round" else row


def with_seen_contacts(person: Row, *, all_of_them: bool) -> Row:
    """Returns the person's row with the phone number and the address that they show to other members.

    With `all_of_them` it keeps both, except the address of a person who was not yet told that coordinators
    see it. An account is identified by its address, so without an address the row names no account.
    Coordinators keep their account, because otherwise no one could lead the coalition in the other
    installation.
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
    """Returns the columns that hold an id, with the table to which each refers."""
    return {
        element.parent.name: element.column.table.name
        for key in table.foreign_key_constraints
        for element in key.elements
        if element.column.name == "id" and element.parent.name != "coalition_id"
    }


def pointed(table: sa.Table, row: Row, numbers: Numbers) -> Row | None:
    """Returns the row with the new ids of the rows it refers to; None if it needs a row that is not copied."""
    changed = dict(row)
    for column, other in pointers(table).items():
        if row[column] is not None:
            changed[column] = numbers.of(other, row[column])
            if changed[column] is None and not table.c[column].nullable:
                return None
    return changed


def unmarked(table: sa.Table, row: Row, numbers: Numbers) -> Row:
    """Returns the row with new ids in columns that are not foreign keys.

    They may refer to any table or an earlier state, so it looks up rows of any table.
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
