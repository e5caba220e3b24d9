"""Tests that a form takes nothing beyond its own fields.

The cases are made from the forms themselves, so that each new one is tried.
"""

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.datastructures import MultiDict

from engage.extensions import db
from tests.isolation.forms_read import Form
from tests.isolation.world import OURS, THEIRS, World, differences

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def column_values() -> dict[str, str]:
    """Returns every column's name, with a value that would do harm."""
    values = {}
    for table in db.metadata.sorted_tables:
        for column in table.c:
            kind = column.type
            if isinstance(kind, sa.Enum):
                value = (
                    "coordinator" if column.name == "role" else str(list(kind.enum_class or [""])[-1].value)
                )
            elif isinstance(kind, sa.Boolean):
                value = "y"
            elif isinstance(kind, sa.DateTime):
                value = "2020-01-01 00:00:00"
            elif isinstance(kind, sa.Date):
                value = "2020-01-01"
            elif isinstance(kind, sa.Integer | sa.Numeric | sa.Float):
                value = str(OURS) if column.name.endswith("id") else "4"
            else:
                value = "taken over"
            values.setdefault(column.name, value)
    return values


def post(world: World, who: str, form: Form, sent: list[tuple[str, str]]) -> int:
    client = world.people[who]
    fields = MultiDict([pair for pair in sent if pair[0] != "csrf_token"])
    fields["csrf_token"] = client.csrf_token()
    return client.post(form.action, data=fields).status_code


def written(world: World, who: str, form: Form, sent: list[tuple[str, str]]) -> tuple[int, dict]:
    world.restore()
    with time_machine.travel(world.made_at, tick=False):
        status = post(world, who, form, sent)
    return status, world.everything()


@pytest.mark.parametrize("who", ["coordinator", "member", "viewer"])
def test_a_form_writes_its_own_fields_and_no_other(
    world: World, forms: dict[str, list[Form]], who: str
) -> None:
    """Posted alone and with every column's name there is beside: the same rows are written, or none."""
    found, worked = [], 0
    world.restore()
    before, columns = world.everything(), column_values()
    for form in forms[who]:
        if form.method != "POST":
            continue
        # A page may hold several forms to one address. What is a coordinator's field alone is none of a member's.
        own = {name for other in forms[who] if other.action == form.action for name in other.kinds}
        theirs = {
            name: value
            for other in forms["coordinator"]
            if other.action == form.action
            for name, value in other.sent
        }
        more = {name: value for name, value in {**columns, **theirs}.items() if name not in own}
        status, alone = written(world, who, form, form.sent)
        refused, beside = written(world, who, form, [*form.sent, *more.items()])
        worked += status == 303
        if beside != alone and (refused < 400 or beside != before):
            found.append(f"{form.action} {status} {refused}: {differences(alone, beside)}")
    assert not found, "\n" + "\n".join(found)
    assert worked > {"coordinator": 230, "member": 100, "viewer": 5}[who]


def test_a_form_without_its_version_is_not_complete(world: World, forms: dict[str, list[Form]]) -> None:
    found, tried = [], 0
    world.restore()
    before = world.everything()
    for form in forms["coordinator"]:
        if form.method != "POST" or not dict(form.sent).get("version"):  # a new row has none
            continue
        tried += 1
        status, after = written(
            world, "coordinator", form, [pair for pair in form.sent if pair[0] != "version"]
        )
        if status not in {400, 422} or after != before:
            found.append(f"{form.action} {status} {differences(before, after)[:6]}")
    assert not found, "\n" + "\n".join(found)
    assert tried > 30


# Named as if they were ids: a phone number, and up to which goal the page knew when it was opened.
NO_IDS = {"help_number", "newest"}


def names_a_row(form: Form, name: str) -> bool:
    values = [*form.choices.get(name, []), *(value for field, value in form.sent if field == name)]
    return name not in NO_IDS and (name.endswith(("_id", "_ids", "number")) or str(OURS) in values)


def of_the_other_coalition(form: Form, name: str) -> list[list[tuple[str, str]]]:
    """Returns what to send with another coalition's id in this field, once for each kind of thing it may number."""
    sent = [pair for pair in form.sent if pair[0] != name] + [(name, str(THEIRS))]
    if name != "about_number":
        return [sent]
    sent = [pair for pair in sent if pair[0] != "about_kind"]
    kinds = [kind for kind in form.choices["about_kind"] if kind not in {"", "break", "as_it_is"}]
    return [[*sent, ("about_kind", kind)] for kind in kinds]


def test_a_field_takes_no_id_of_another_coalition(world: World, forms: dict[str, list[Form]]) -> None:
    found, tried = [], 0
    world.restore()
    before = world.everything()
    for form in forms["coordinator"]:
        for name in sorted(form.names):
            if form.method != "POST" or not names_a_row(form, name):
                continue
            for sent in of_the_other_coalition(form, name):
                tried += 1
                status, after = written(world, "coordinator", form, sent)
                if status not in {404, 409, 422} or after != before:
                    found.append(f"{form.action} took {name}: {status} {differences(before, after)[:6]}")
    assert not found, "\n" + "\n".join(found)
    assert tried > 70
