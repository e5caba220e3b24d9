"""Tests that what the scanners say is read as they mean it; they themselves run with `make faults`."""

import pytest

from tests.faults import scanners
from tests.faults.rows import Row

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]


@pytest.mark.parametrize("name", ["wapiti", "sqlmap"])
def test_a_scanner_that_is_missing_is_a_fail_that_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name.upper(), "/nowhere/at-all")
    made = scanners.PROGRAMS[name](0)
    assert f"{name} is missing. Type: {scanners.INSTALL[name]}" in made.broken


def test_a_finding_of_wapiti_is_a_fail_unless_it_is_explained_word_for_word() -> None:
    explained, other = next(iter(scanners.EXPLAINED)), "SQL injection via the parameter q"
    found = [{"method": "GET", "path": "/c/a/", "info": info} for info in (explained, other)]
    made = Row("wapiti")
    report = {"vulnerabilities": {"Some kind": found}, "anomalies": {}, "additionals": {}}
    scanners._count_wapiti({"infos": {"crawled_pages_nbr": 31}, **report}, made)
    assert made.broken == [f"Some kind: GET /c/a/ {other}"]
    assert made.counts == {"addresses and forms": 31, "findings": 1, "explained": 1}


INJECTABLE = "[02:31:02] [INFO] GET parameter 'q' appears to be 'AND boolean-based blind' injectable\n"
TAKEN_BACK = "[02:31:09] [WARNING] GET parameter 'q' does not seem to be injectable\n"
SURE = "---\nParameter: q (GET)\n    Type: boolean-based blind\n---\n"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", []),
        (TAKEN_BACK, []),
        (INJECTABLE + TAKEN_BACK, []),
        (INJECTABLE, ["q appears to be injectable"]),
        (INJECTABLE + SURE, ["Parameter: q (GET)"]),
    ],
)
def test_what_sqlmap_suspects_counts_until_it_takes_it_back(said: str, found: list[str]) -> None:
    assert scanners.suspected(said) == found


@pytest.mark.parametrize(
    ("codes", "broken"),
    [
        ("500 (Internal Server Error) - 5 times", "answered with 500 or above"),
        ("404 (Not Found) - 1 times, 503 (Service Unavailable) - 4 times", "answered with 500 or above"),
        ("429 (Too Many Requests) - 9 times", "refused as too often, which tests nothing"),
    ],
)
def test_answers_that_prove_nothing_or_too_much_are_a_fail_although_sqlmap_found_nothing(
    codes: str, broken: str
) -> None:
    made = Row("sqlmap")
    scanners._count_sqlmap(
        "q", f"{TAKEN_BACK}[WARNING] HTTP error codes detected during run:\n{codes}\n", made
    )
    assert made.broken == [f"q: {broken}"]
    assert made.counts == {"tried to the end": 1}
