"""One's own data as a file: everything linked to the person, and nothing of anyone else."""

import json
import re
from pathlib import Path
from typing import Any

from flask import Flask

from engage.accounts.models import User
from engage.assessment.rules import AnswerKind
from engage.coalitions.models import Membership
from engage.columns import about
from engage.config import ROOT
from engage.database import Base
from engage.extensions import db
from engage.operations.personal_data.queries import owned
from tests.accounts.rows_of_a_person import EMAIL, NAME, everywhere, pointing_at
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_membership,
    make_note,
    make_response,
    make_round,
    saved,
    signed_in_client,
    the_coalition,
)

EXPORT = "/account/export"


def export_of(client: EngageClient) -> Any:
    answer = client.post(EXPORT, data={"csrf_token": client.csrf_token()})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=engage-my-data-")
    return json.loads(answer.get_data(as_text=True))


def test_every_column_that_points_at_a_person_is_in_the_file_or_has_its_reason_not_to_be(app: Flask) -> None:
    assert app
    said = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.c
        if bool(about(column).own_data) != bool(about(column).not_own_data)
    }
    pointing = {*pointing_at(Membership), *pointing_at(User)}
    assert said - pointing == {"assessment_answer.response_id", "assessment_effort.response_id"}
    assert pointing <= said


def test_no_column_of_it_names_someone_else_or_opens_a_door(app: Flask) -> None:
    assert app
    everything = [*owned("coalitions_membership"), *owned("accounts_user"), *owned("assessment_response")]
    for own in everything:
        table = own.column.table
        people = {
            key
            for constraint in table.foreign_key_constraints
            if constraint.referred_table.name in {"coalitions_membership", "accounts_user"}
            for key in constraint.column_keys
        }
        columns = set(own.columns)
        assert set(about(own.column).own_columns.split()) <= set(table.c.keys()), own
        assert columns and not columns & people, own
        assert not [each for each in columns if re.search("hash|nonce|token|password|secret", each)], own
    kinds = [own.kind for own in everything]
    assert len(kinds) == len(set(kinds))


def test_everything_that_is_tied_to_a_person_is_in_it_over_all_coalitions(app: Flask) -> None:
    places = everywhere()
    data = export_of(signed_in_client(app, places[0]))
    assert (data["format"], data["version"]) == ("engage-own-data", 1)
    assert (data["account"]["name"], data["account"]["email"]) == (NAME, EMAIL)
    for own in owned("accounts_user"):
        assert data[own.kind], own.kind
    assert len(data["coalitions"]) == 2
    for coalition in data["coalitions"]:
        assert coalition["place"]["phone"] == "555-0100"
        assert {own.kind for own in owned("coalitions_membership")} <= coalition.keys()


def test_other_peoples_rows_and_names_are_not_in_it(app: Flask, member: EngageClient) -> None:
    other = make_membership(name="Hidden Otherperson", phone="555-0199")
    make_note(other, text="A note of another.")
    make_note(member.membership, text="A note of mine.", is_shared=False)
    answer = member.post(EXPORT, data={"csrf_token": member.csrf_token()})
    text = answer.get_data(as_text=True)
    assert "A note of mine." in text
    for word in (
        "Hidden Otherperson",
        "A note of another.",
        "555-0199",
        db.session.get_one(User, other.user_id).email,
    ):
        assert word not in text


def test_answers_are_in_it_while_they_are_tied_and_not_after(member: EngageClient) -> None:
    round_ = make_round(title="Assessment 2026")
    response = make_response(
        round_, member.membership, {"beds": (2, "Too few."), "courts": AnswerKind.DONT_KNOW.value}
    )
    (coalition,) = export_of(member)["coalitions"]
    (found,) = coalition["responses"]
    assert found["round"] == "Assessment 2026"
    assert [(each["indicator"], each["rating"], each["note"]) for each in found["answers"]] == [
        ("beds", 2, "Too few."),
        ("courts", None, ""),
    ]
    response.respondent_id = None
    saved(response)
    assert "responses" not in export_of(member)["coalitions"][0]


def test_it_asks_the_database_as_often_however_much_there_is(app: Flask, member: EngageClient) -> None:
    def count() -> int:
        with counted_queries() as statements:
            export_of(member)
        return len(statements)

    make_note(member.membership)
    before = count()
    for _each in range(10):
        make_note(member.membership)
    assert count() == before


def test_the_documentation_names_every_kind(app: Flask) -> None:
    assert the_coalition()
    text = Path(ROOT, "docs", "own-data.md").read_text()
    for own in (*owned("coalitions_membership"), *owned("accounts_user")):
        assert f"`{own.kind}`" in text, own.kind


def test_the_page_says_what_is_in_it(member: EngageClient) -> None:
    assert member.page(EXPORT).has("It contains no one else's name or address")
    assert member.page("/account/").all(f"a[href='{EXPORT}']")
