"""Tests that a file that a browser shows anyway, instead of saving it, stands alone and runs nothing."""

from flask import Flask
from werkzeug.test import TestResponse

from engage.coalitions.audit.labels import DOWNLOAD_LABELS
from engage.content.loader import content
from engage.web.headers import CONTENT_SECURITY_POLICY
from tests import factories
from tests.calendar.test_personal_feed import link_of
from tests.client import EngageClient
from tests.test_every_route import looks, problems

FILE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
# What a browser saves or another program reads, beside what the audit log knows.
OTHERS = {
    "assessment.our_file",
    "assessment.question_file",
    "meetings.calendar",
    "operations.network_file",
    "partners.empty_file",
    "plan.empty_file",
    "plan.example_file",
    "reports.card_pdf",
    "reports.guide_pdf",
}


def headers(answer: TestResponse) -> tuple[str | None, str | None]:
    return answer.headers.get("Content-Security-Policy"), answer.headers.get("X-Content-Type-Options")


def test_every_file_is_locked_up_and_every_page_keeps_its_policy(app: Flask) -> None:
    found, files, kinds = [], set(), set()
    for look in looks(app, "HEAD"):
        rule, answer = look.rule, look.answer
        saved = str(answer.headers.get("Content-Disposition", "")).startswith("attachment")
        if saved:
            files.add(rule.endpoint)
            kinds.add(str(answer.mimetype))
        if rule.endpoint.startswith("framed."):
            continue  # their own policy is in tests/reports/framing
        if rule.endpoint == "answer.worker":
            continue  # its own policy is in tests/assessment/offline
        page = answer.mimetype in {"text/html", "text/plain"} and not saved
        if headers(answer) != (CONTENT_SECURITY_POLICY if page else FILE_POLICY, "nosniff"):
            found.append(f"{rule.rule}: {answer.mimetype} {headers(answer)}")
    assert not found, problems(found)
    # What a round gives needs a closed one.
    of_rounds = {"assessment.results_file", "reports.assessment_pdf"}
    assert (set(DOWNLOAD_LABELS) - {"engage export"} - of_rounds) | OTHERS == files
    assert kinds == {
        "application/json",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/yaml",
        "application/zip",
        "text/calendar",
        "text/csv",
        "text/vcard",
    }


def test_a_rounds_results_and_ones_own_data_are_locked_up_too(coordinator: EngageClient) -> None:
    key = content().indicators_in(content().areas[0].key)[0].key
    round_ = factories.make_closed_round([("health", {key: 2})] * 3)
    for path, kind in (
        (f"assessment/rounds/{round_.id}/results.csv", "text/csv"),
        ("reports/assessment.pdf", "application/pdf"),
    ):
        answer = coordinator.head(f"/c/riverbend/{path}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert headers(answer) == (FILE_POLICY, "nosniff")
    own = coordinator.post("/account/export", data={"csrf_token": coordinator.csrf_token()})
    assert (own.status_code, own.mimetype) == (200, "application/json")
    assert headers(own) == (FILE_POLICY, "nosniff")
    refused = coordinator.get("/c/riverbend/assessment/rounds/99999/results.csv")
    assert (refused.status_code, headers(refused)[0]) == (404, CONTENT_SECURITY_POLICY)


def test_a_calendar_is_locked_up_too(member: EngageClient, client: EngageClient) -> None:
    answer = client.get(link_of(member))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert headers(answer) == (FILE_POLICY, "nosniff")
