"""Tests that no column of a file brings in a story unasked, nor one that is added later."""

import pytest

from engage.directory.imports.target import target as people_target
from engage.imports.target import PhoneField
from engage.partners.imports.target import target as partners_target
from engage.plan.imports.target import target as plan_target
from tests.client import EngageClient
from tests.databases import written
from tests.directory.imports.steps import IMPORT, read
from tests.factories import make_plan, the_coalition
from tests.partners import steps
from tests.partners.steps import sent, table

# It fits into the shortest field, and a name may be a story, too.
STORY = "Her uncle sells the 15 year old girl"
WITH = {
    "partners": {"name": "Grace Church", "sector": "faith", "main_name": "Ann", "alternate_name": "Bob"},
    "plan": {"goal": "Beds", "objective": "Ten beds", "action": "Ask"},
}


@pytest.mark.parametrize("kind", WITH)
def test_every_column_of_a_file_is_looked_through(coordinator: EngageClient, kind: str) -> None:
    make_plan()
    coalition = the_coalition().id
    with coordinator.application.test_request_context():
        target = partners_target() if kind == "partners" else plan_target(coalition)
        labels = {field.key: (str(field.label), field.is_typed) for field in target.fields}
    silent = []
    for key, (_label, is_typed) in labels.items():
        row = {labels[name][0]: text for name, text in {**WITH[kind], key: STORY}.items()}
        page = steps.preview(
            coordinator, table(tuple(row), tuple(row.values())), at=f"/c/riverbend/{kind}/import/"
        )
        if "a story about a real person" not in " ".join(page.texts("#imports-texts")):
            assert not is_typed, (key, page.text("main"))
            with written(STORY) as found:
                if page.has("Import now"):
                    steps.save(coordinator, page, at=f"/c/riverbend/{kind}/import/")
            silent += found
        else:
            answer = steps.save(coordinator, page, at=f"/c/riverbend/{kind}/import/")
            assert answer.errors == ["Read the wording that may contain details, then check the box."]
    assert silent == []


def test_every_column_of_a_file_of_people_is_looked_through(coordinator: EngageClient) -> None:
    with coordinator.application.test_request_context():
        labels = {field.key: str(field.label) for field in people_target().fields}
    asked, silent = [], []
    for key in labels:
        row = {"name": "Ann Lee", "email": "ann@example.org", key: STORY}
        page = read(coordinator, table([labels[name] for name in row], [*row.values()]))
        asked += [key] if "a story about a real person" in " ".join(page.texts("#imports-texts")) else []
        if page.all("#imports-preview"):
            fields = {**sent(page, "#imports-preview"), "everyone": "y", "do": "list"}
            with written(STORY) as found:
                coordinator.post(f"{IMPORT}save", data=fields)
            silent += found
    assert (asked, silent) == (["name", "phone", "organization"], [])


def test_a_phone_number_belongs_into_its_column(coordinator: EngageClient) -> None:
    with coordinator.application.test_request_context():
        label = next(str(field.label) for field in partners_target().fields if isinstance(field, PhoneField))
    row = {**WITH["partners"], label: "417-555-0134"}
    page = steps.preview(coordinator, table(tuple(row), tuple(row.values())))
    assert page.status == 200 and page.all("#imports-texts") == []
