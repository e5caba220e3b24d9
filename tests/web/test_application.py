"""Tests that addresses that are built once are those that Flask would build."""

import gc
from datetime import date

from flask import Flask, g, url_for
from werkzeug.routing.rules import RulePart

from engage.coalitions.rules import Role
from engage.web.application import Application


def _fresh(app: Flask, endpoint: str, **values: object) -> str:
    return Flask.url_for(app, endpoint, **values)  # type: ignore[arg-type]


def test_an_address_is_the_same_the_first_and_the_second_time(app: Application) -> None:
    with app.test_request_context("/c/alder/plan/"):
        g.slug = "alder"
        for endpoint, values in (
            ("plan.index", {}),
            ("plan.action", {"number": 7}),
            ("plan.index", {"plan": 3, "view": "board"}),
            ("plan.index", {"view": "board", "plan": 3}),
            ("plan.index", {"text": "a b&c", "day": date(2027, 3, 1), "role": Role.MEMBER}),
            ("plan.index", {"goal": None}),
            ("coalitions.sheet", {"id": [1, 2]}),
            (".action", {"number": 8}),
        ):
            expected = _fresh(app, endpoint, **values)
            assert [url_for(endpoint, **values), url_for(endpoint, **values)] == [expected, expected]


def test_values_that_are_equal_and_not_alike_have_addresses_of_their_own(app: Application) -> None:
    with app.test_request_context("/"):
        g.slug = "alder"
        said = [url_for("plan.index", page=value) for value in (1, True, "1", 1.0)]
    assert said == [f"/c/alder/plan/?page={value}" for value in (1, True, "1", 1.0)]


def test_each_coalition_and_each_place_below_a_proxy_has_its_own(app: Application) -> None:
    found = []
    for slug, root in (("alder", ""), ("birch", ""), ("alder", "/engage")):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            g.slug = slug
            found.append(url_for("plan.index"))
    assert found == ["/c/alder/plan/", "/c/birch/plan/", "/engage/c/alder/plan/"]


def test_what_is_asked_for_specially_is_never_kept(app: Application) -> None:
    with app.test_request_context("/"):
        g.slug = "alder"
        assert url_for("plan.index") == "/c/alder/plan/"
        assert url_for("plan.index", _anchor="plan-row-7") == "/c/alder/plan/#plan-row-7"
        assert url_for("plan.index", _external=True).startswith("http")
        assert url_for("plan.index") == "/c/alder/plan/"


def test_a_route_compiles_what_builds_its_addresses_when_one_is_built() -> None:
    app = Application("engage")
    app.add_url_rule("/things/<int:key>", "thing", lambda key: str(key))
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == "thing")
    waiting = rule._build
    with app.test_request_context("/"):
        assert [url_for("thing", key=7), url_for("thing", key=8)] == ["/things/7", "/things/8"]
        assert url_for("thing", key=7, page=2) == "/things/7?page=2"
    assert rule._build is not waiting or rule._build_unknown is not waiting


def _parts(app: Application) -> int:
    """Returns how many parts of addresses an application's routes keep."""
    return sum(type(each) is RulePart and each.content.startswith(app.name) for each in gc.get_objects())


def test_routes_that_are_alike_share_what_they_are_made_of() -> None:
    app = Application("sharing")
    for number in range(20):
        app.add_url_rule(f"/sharing/<int:key>/{number}", f"{number}", lambda key: str(key + 1))
    assert _parts(app) == 0
    first, last = (next(app.url_map.iter_rules(endpoint)) for endpoint in ("0", "19"))
    shared = {id(piece) for piece in first._trace} & {id(piece) for piece in last._trace}
    assert len(shared) == len(set(first._trace)) - 1
    assert first._build.__func__ is last._build.__func__  # type: ignore[attr-defined]
    answers = app.test_client()
    assert [answers.get(f"/sharing/{key}/{number}").text for key, number in ((1, 0), (7, 19))] == ["2", "8"]
    assert answers.get("/sharing/7/20").status_code == 404
