"""Walks every route there is, so that a new one is covered the moment it lands.

Its parameters are filled by the converter's name: ids from generated rows, keys and tokens with words that
name nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from tests import databases, rows
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.days import NOW
from tests.factories import make_coalition, make_membership, make_user, signed_in_client, the_coalition
from tests.html import Page

# Together, and with what else reads the walks: each walk is then made once.

OURS, THEIRS, NOBODYS = 500_001, 700_001, 1_999_999_999
# The addresses outside and inside a coalition.
OUTSIDE = {
    "",
    "sign-in",
    "sign-out",
    "setup",
    "join",
    "reset",
    "from-mail",
    "help",
    "about",
    "leave",
    "healthz",
    "app.webmanifest",
    "account",
    "admin",
    "answer",
    "vote",
    "calendar",
    "public",
    "framed",
    "live",
    "referrals",
    "rsvp",
    "say",
    "events",
    "feedback",
    "unsubscribe",
}
INSIDE = {
    "home": "",
    "messages": "messages",
    "letters": "people",
    "announcements": "announcements",
    "documents": "documents",
    "onboarding": "start",
    "checklist": "checklist",
    "assessment": "assessment",
    "plan": "plan",
    "toolkit": "toolkit",
    "strengths": "strengths",
    "chain": "chain",
    "search": "search",
    "calendar": "calendar",
    "reports": "reports",
    "partners": "partners",
    "meetings": "meetings",
    "coalitions": "about|people|settings",
    "old_addresses": "assessment|partners|reports|settings|start|strengths|trash",
}


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("routes")
    return databases.another_app(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI="sqlite://"))


def every_rule(app: Flask, method: str) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return sorted(found, key=lambda rule: rule.rule)


def access(app: Flask, rule: Rule) -> Any:
    return getattr(app.view_functions[rule.endpoint], "access", None)


def by_lead(app: Flask, rule: Rule) -> bool:
    """Returns whether the route also opens to the lead of the group that its address leads to."""
    return getattr(app.view_functions[rule.endpoint], "group_of", None) is not None


def inside(rule: Rule) -> bool:
    return rule.rule.startswith("/c/<slug>/")


def filled(rule: Rule, *, slug: str = "riverbend", key: int = OURS, word: str = "nothing-here") -> str:
    """Returns the rule's address with its parameters filled."""

    def value(match: re.Match[str]) -> str:
        converter, name = match.group(1) or "", match.group(2)
        if name == "slug":
            return slug
        if converter.startswith(("id", "int")):
            return str(key)
        if choices := re.match(r"any\((.*)\)", converter):
            return choices.group(1).split(",")[0].strip().strip("'\"")
        return word

    return re.sub(r"<(?:([^:<>]+):)?([^<>]+)>", value, rule.rule)


def has_ids(rule: Rule) -> bool:
    return "<id:" in rule.rule or "<int:" in rule.rule


def fill(coalition: int, key: int) -> None:
    """Makes one row of every tenant table in the coalition, all of them with the same id."""
    for table in db.metadata.sorted_tables:
        if "coalition_id" not in table.c or table.name == "assessment_release":
            continue  # only a closed round has one
        if table.name != "coalitions_membership" or key != OURS:
            # Some rows are called by their number in the coalition.
            values: dict[str, object] = {name: key for name in ("id", "number") if name in table.c}
            if table.name == "plan_plan":  # what the public page, among others, asks for
                values |= {"status": "adopted", "adopted_on": date(2026, 3, 1)}
            rows.insert(table, values, coalition=coalition)
    db.session.commit()


@dataclass
class Walk:
    """What all walks begin with: made once, then put back, which takes a fiftieth of the time."""

    rows: databases.Kept
    people: dict[str, EngageClient]
    cookies: dict[str, str]
    places: dict[str, int]
    looks: dict[str, list["Look"]] = field(default_factory=dict)
    told: dict[Role, dict[tuple[str, str], int]] = field(default_factory=dict)

    def begin(self) -> None:
        databases.put_back(self.rows)
        for name, client in self.people.items():
            client.set_cookie("session", self.cookies[name])
            client.membership = db.session.get_one(Membership, self.places[name])


_made: list[Walk] = []


def begun(app: Flask) -> Walk:
    """Returns the one walk of this process, made by the first test that asks, as it was at first."""
    if not _made:
        with time_machine.travel(NOW, tick=False):  # or it would be made after what later tests take for now
            people = _people(app)
        for client in people.values():
            client.csrf_token()  # the session's half of it is in the cookie from here on
        cookies = {name: client.get_cookie("session") for name, client in people.items()}
        places = {name: client.membership.id for name, client in people.items()}
        named = {name: cookie.value for name, cookie in cookies.items() if cookie}
        _made.append(Walk(databases.kept(), people, named, places))
    _made[0].begin()
    return _made[0]


@pytest.fixture
def people(app: Flask) -> dict[str, EngageClient]:
    """Returns a browser for every kind of person, in a coalition that has one row of everything."""
    return begun(app).people


def _people(app: Flask) -> dict[str, EngageClient]:
    coalition = the_coalition()
    coordinator = make_membership(id=OURS, role=Role.COORDINATOR)
    fill(coalition.id, OURS)
    other = make_coalition(slug="elsewhere")
    fill(other.id, THEIRS)
    made = {
        "coordinator": coordinator,
        "member": make_membership(role=Role.MEMBER),
        "viewer": make_membership(role=Role.VIEWER),
        "disabled": make_membership(role=Role.COORDINATOR, disabled_at=clock.now()),
        "left": make_membership(role=Role.COORDINATOR, left_on=date(2026, 3, 1)),
        "waiting": make_membership(role=Role.MEMBER, approved_at=None),
        "stranger": make_membership(role=Role.COORDINATOR, coalition=other),
        "admin": make_membership(role=Role.COORDINATOR, user=make_user(is_admin=True)),
    }
    # What an admin's addresses name.
    make_user(id=OURS)
    make_coalition(id=OURS)
    return {name: signed_in_client(app, membership) for name, membership in made.items()}


def fitting(app: Flask, people: dict[str, EngageClient], rule: Rule) -> EngageClient:
    """Returns someone that the route lets in."""
    return people["admin" if access(app, rule) == "admin" else "coordinator"]


@dataclass(frozen=True)
class Look:
    """What an address answered, and what it wrote to the database."""

    rule: Rule
    answer: TestResponse
    writes: list[str]


def looks(app: Flask, method: str = "GET") -> list[Look]:
    """Looks at every address that is read, as someone whom it lets in: once, for all tests that want to know."""
    walk = begun(app)
    if method not in walk.looks:
        found = []
        for rule in every_rule(app, "GET"):
            if rule.endpoint == "accounts.leave":
                continue  # it ends the session that the rest needs, by its nature
            with counted_queries() as statements:
                answer = fitting(app, walk.people, rule).open(filled(rule), method=method)
            found.append(Look(rule, answer, [each for each in statements if not each.startswith("SELECT")]))
        walk.looks[method] = found
        walk.begin()
    return walk.looks[method]


def told(app: Flask, role: Role) -> dict[tuple[str, str], int]:
    """Returns the status that each address inside answers to this role, by its method: asked once, as above."""
    walk = begun(app)
    if role not in walk.told:
        found, client = {}, walk.people[role.value]
        for method in ("GET", "POST"):
            for rule in filter(inside, every_rule(app, method)):
                # Ids of nothing, so that no route changes what the next one needs.
                path, token = filled(rule, key=NOBODYS), {"csrf_token": client.csrf_token()}
                found[method, rule.rule] = client.open(path, method=method, data=token).status_code
                if method == "POST" and found[method, rule.rule] < 400:
                    stay(client, role)
        walk.told[role] = found
        walk.begin()
    return walk.told[role]


def problems(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def test_every_route_says_who_may_use_it(plain_app: Flask) -> None:
    silent = [rule.rule for rule in plain_app.url_map.iter_rules() if access(plain_app, rule) is None]
    assert silent == []


def test_every_route_inside_a_coalition_names_a_permission_and_no_other_does(plain_app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in plain_app.url_map.iter_rules()
        if inside(rule) is not isinstance(access(plain_app, rule), Permission)
    ]
    assert wrong == []


def who(access: Any, *, by_lead: bool = False) -> str:
    """Returns who a route lets in, in the words of the table."""
    if isinstance(access, Permission):
        roles = [role.value for role in Role if may(role, access)]
        return ", ".join([*roles, "its group's lead"] if by_lead else roles)
    return {"public": "everybody", "signed_in": "signed in"}.get(access, str(access))


def test_the_written_table_says_of_every_route_who_gets_in(plain_app: Flask) -> None:
    """tests/who_gets_in.txt is written by hand: a route that opens wider than it says there fails here.

    A new route needs its line.
    """
    written = set(Path(__file__).with_name("who_gets_in.txt").read_text().splitlines())
    found = {
        f"{method} {rule.rule}: {who(access(plain_app, rule), by_lead=by_lead(plain_app, rule))}"
        for method in ("GET", "POST")
        for rule in every_rule(plain_app, method)
    }
    assert sorted(found - written) == [], "Add these lines to tests/who_gets_in.txt, if that is meant"
    assert sorted(written - found) == [], "Remove these lines from tests/who_gets_in.txt"


def test_addresses_are_those_of_the_product(plain_app: Flask) -> None:
    wrong = []
    for rule in plain_app.url_map.iter_rules():
        package = rule.endpoint.split(".")[0]
        parts = rule.rule.removeprefix("/c/<slug>").strip("/").split("/")
        if not inside(rule):
            if parts[0] not in OUTSIDE:
                wrong.append(rule.rule)
        elif package not in INSIDE or (INSIDE[package] and not re.fullmatch(INSIDE[package], parts[0])):
            wrong.append(rule.rule)
    assert wrong == []


def test_reading_routes_are_not_also_written_with_other_methods(plain_app: Flask) -> None:
    methods = set().union(*(rule.methods or () for rule in plain_app.url_map.iter_rules()))
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_one_gets_in_without_signing_in(app: Flask, people: dict[str, EngageClient]) -> None:
    found = []
    nobody = app.test_client()
    assert isinstance(nobody, EngageClient)
    for method in ("GET", "POST"):
        for rule in every_rule(app, method):
            if access(app, rule) == "public":
                continue
            path = filled(rule)
            answer = nobody.open(path, method=method, data={"csrf_token": nobody.csrf_token()})
            right = (
                answer.status_code == 401
                if method == "POST"
                else answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?next=")
            )
            if not right:
                found.append(f"{method} {path}: {answer.status_code}")
    assert not found, problems(found)


@pytest.mark.parametrize("who", ["stranger", "disabled", "left", "waiting"])
def test_for_whoever_has_no_place_in_it_a_coalition_does_not_exist(
    app: Flask, people: dict[str, EngageClient], who: str
) -> None:
    found = []
    client = people[who]
    for method in ("GET", "POST"):
        for rule in every_rule(app, method):
            if inside(rule):
                answer = client.open(filled(rule), method=method, data={"csrf_token": client.csrf_token()})
                if answer.status_code != 404:
                    found.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not found, problems(found)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_what_the_table_says(app: Flask, role: Role) -> None:
    found, statuses = [], told(app, role)
    for method in ("GET", "POST"):
        for rule in filter(inside, every_rule(app, method)):
            permission, status = access(app, rule), statuses[method, rule.rule]
            if (status == 403) is may(role, permission):
                found.append(f"{method} {rule.rule}: {status} for a {role} ({permission})")
    assert not found, problems(found)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (
            Role.VIEWER,
            "Home|Begin|Assessment|Partners|Plan|Calendar|Documents|Reports|About us",
        ),
        (
            Role.MEMBER,
            "Home|My tasks|Begin|Assessment|Partners|Meetings|Plan|People|Calendar|Strengths and needs|Documents|"
            "Reports|About us",
        ),
        (
            Role.COORDINATOR,
            "Settings|About us|Home|My tasks|Begin|Assessment|Partners|Meetings|Plan|People|Calendar|"
            "Strengths and needs|Documents|Reports",
        ),
    ],
)
def test_the_menu_leads_to_what_works_and_nowhere_else(
    people: dict[str, EngageClient], role: Role, words: str
) -> None:
    client = people[role.value]
    page = client.page("/c/riverbend/start/")
    assert "|".join(page.texts(".beside-name a, .menu-wide nav a")) == words
    for link in page.all(".beside-name a, .menu-wide nav a"):
        client.page(link.attributes["href"] or "")


@pytest.mark.parametrize(
    "who", ["coordinator", "member", "viewer", "disabled", "left", "waiting", "stranger"]
)
def test_for_whoever_does_not_run_the_site_there_is_no_administration(
    app: Flask, people: dict[str, EngageClient], who: str
) -> None:
    found, client = [], people[who]
    for method in ("GET", "POST"):
        rules = [rule for rule in every_rule(app, method) if access(app, rule) == "admin"]
        assert rules
        for rule in rules:
            answer = client.open(filled(rule), method=method, data={"csrf_token": client.csrf_token()})
            if answer.status_code != 404:
                found.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not found, problems(found)


def test_what_begins_with_admin_is_for_admins_and_nothing_else_is(plain_app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in plain_app.url_map.iter_rules()
        if rule.rule.startswith("/admin/") is not (access(plain_app, rule) == "admin")
    ]
    assert wrong == []


def test_every_page_shows_how_to_sign_out(app: Flask, people: dict[str, EngageClient]) -> None:
    without = []
    for rule in every_rule(app, "GET"):
        if not inside(rule):
            continue
        answer = people["member"].get(filled(rule))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = Page(answer)
            # A sheet made for paper alone has no menu, and nothing to press.
            if not page.all("form[action='/sign-out'] button") and page.all(".menu-wide"):
                without.append(rule.rule)
    assert not without, problems(without)


def stay(client: EngageClient, role: Role) -> None:
    """Undoes what an empty form may have done to the person's own place: leaving needs no more than a button."""
    place = sa.update(Membership).where(Membership.id == client.membership.id)
    db.session.execute(place.values(left_on=None, disabled_at=None, role=role))
    db.session.commit()


def test_every_post_without_a_token_is_refused(app: Flask, people: dict[str, EngageClient]) -> None:
    found: list[str] = []
    answers: list[int] = []
    before = written()
    for rule in every_rule(app, "POST"):
        answer = fitting(app, people, rule).post(filled(rule), data={"name": "x"})
        # A row may be of the coalition and still not this person's own.
        gone = has_words(rule) or has_ids(rule) or rule.rule == "/setup"
        missing = gone and answer.status_code in {400, 404}
        if not missing and answer.status_code != 400:
            found.append(f"{rule.rule}: {answer.status_code}")
        answers.append(answer.status_code)
        before, last = written(), before
        if last != before:
            found.append(f"{rule.rule}: wrote")
    assert not found, problems(found)
    assert answers.count(400) > len(answers) / 2


def has_words(rule: Rule) -> bool:
    """Returns whether a parameter is a key or a token, which our words do not name."""
    return bool(re.search(r"<(?!slug>)[^:>]+>|<string:", rule.rule))


def written() -> list[int]:
    """Returns how many rows each table holds, in one question: it is asked for every form there is."""
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in db.metadata.tables)
    return list(db.session.execute(sa.text(f"SELECT {counts}")).one())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_reading_route_writes(app: Flask, method: str) -> None:
    found = []
    for look in looks(app, method):
        rule, status = look.rule, look.answer.status_code
        if look.writes:
            found.append(f"{rule.rule}: {look.writes[0]}")
        if status >= 500:
            found.append(f"{rule.rule}: {status}")
        if not has_ids(rule) and not has_words(rule) and status not in {200, 303, 404}:
            found.append(f"{rule.rule}: {status}")
    assert not found, problems(found)


@pytest.mark.parametrize("key", [THEIRS, NOBODYS, 0, -1, 10**30])
def test_an_id_that_is_not_of_this_coalition_does_not_exist(
    app: Flask, people: dict[str, EngageClient], key: int
) -> None:
    known = told(app, Role.COORDINATOR) if key == NOBODYS else {}
    found, addresses = [], app.url_map.bind("localhost")
    for method in ("GET", "POST"):
        for rule in every_rule(app, method):
            if has_ids(rule) and not (access(app, rule) == "admin" and key == THEIRS):
                client = fitting(app, people, rule)
                path = filled(rule, key=key)
                try:
                    addresses.match(path, method)
                except NotFound:
                    continue  # as any address that leads nowhere, see test_an_unknown_address_is_a_404_with_a_way_on
                # An old address asks nothing and leads on, and the page that it leads to answers.
                leads_on = rule.endpoint.startswith("old_addresses.")
                if key == NOBODYS and inside(rule) and not leads_on:
                    status = known[method, rule.rule]
                else:
                    token = {"csrf_token": client.csrf_token()}
                    answer = client.open(path, method=method, data=token, follow_redirects=leads_on)
                    status = answer.status_code
                if status != 404:
                    found.append(f"{method} {path}: {status}")
    assert not found, problems(found)


def test_a_key_or_a_token_that_names_nothing_is_no_crash(app: Flask, people: dict[str, EngageClient]) -> None:
    found = []
    for method in ("GET", "POST"):
        for rule in every_rule(app, method):
            for word in ("nothing-here", "x" * 2000, "%00", "%E2%80%AE", "..%5C"):
                if has_words(rule):
                    client = people["coordinator"]
                    path = filled(rule, word=word)
                    answer = client.open(path, method=method, data={"csrf_token": client.csrf_token()})
                    if answer.status_code not in {303, 403, 404, 410}:
                        found.append(f"{method} {path[:80]}: {answer.status_code}")
    assert not found, problems(found)


NASTY = {
    "a NUL byte": "text\x00text",
    "300 KB": "word " * 60_000,
    "a huge number": "1" + "0" * 30,
    "a negative number": "-1",
    "an unknown choice": "unheard-of",
    "a day that is none": "2026-02-31",
    "another coalition's id": str(THEIRS),
    "nothing": "",
    "markup": "<script>alert(1)</script>",
    "invisible marks": "\u202eabc\u200b",
}


# What a new form is most likely to let through; the rest is tried once before a change lands.
EACH_TIME = {"a NUL byte", "another coalition's id", "nothing", "invisible marks"}


@pytest.mark.parametrize(
    "nasty", [pytest.param(name, marks=() if name in EACH_TIME else pytest.mark.slow) for name in NASTY]
)
def test_bad_input_in_any_form_is_refused_in_words(
    app: Flask, people: dict[str, EngageClient], nasty: str
) -> None:
    """Every form of every page, each of its fields with the same nonsense: a refusal, never a crash.

    What no field may hold leaves every table as it was.
    """
    found = []
    never = nasty in {"a NUL byte", "invisible marks", "300 KB"}
    forms = [
        (path, action, [name for name in names if name not in {"csrf_token", "version"}])
        for path, action, names in forms_of(app)
    ]
    before = rows_of(db.metadata.tables) if never else {}
    # Those of a button alone come last: one of them closes the coalition, and nothing would be there for the others.
    for path, action, names in sorted(forms, key=lambda form: not form[2]):
        client = people["admin" if path.startswith("/admin/") else "coordinator"]
        data = {**dict.fromkeys(names, NASTY[nasty]), "version": "1", "csrf_token": client.csrf_token()}
        with counted_queries() as statements:
            answer = client.post(action, data=data)
        # Reading every table takes longer than all else: only those that were written, though it may be undone.
        now = rows_of(written_by(statements)) if never else {}
        if any(before[table] != rows for table, rows in now.items()):
            before |= now
            if names:
                found.append(f"{path} -> {action} changed something with {nasty}")
        if answer.status_code >= 500:
            found.append(f"{path} -> {action}: {answer.status_code}")
        if never and names and answer.status_code not in range(400, 500):
            found.append(f"{path} -> {action} took {nasty}: {answer.status_code}")
        told = told_places(answer.get_data(as_text=True)) if answer.status_code in {409, 422} else []
        if told != sorted(told):
            found.append(f"{path} -> {action}: its problems are not told in the order of the page")
    assert not found, problems(found)


def told_places(page: str) -> list[int]:
    """Returns where in the page the fields stand to which its list of problems leads, in the order of that list."""
    told = page.partition('class="error-summary"')[2].partition("</ul>")[0]
    return [page.find(f'id="{anchor}"') for anchor in re.findall(r'href="#([^"]+)"', told)]


def written_by(statements: list[str]) -> set[str]:
    """Returns the tables that these statements wrote, without that of the counted tries."""
    writing = [
        each for each in statements if not each.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
    ]
    tables = {word for each in writing for word in re.findall(r"\w+", each) if word in db.metadata.tables}
    assert bool(tables) == bool(writing), writing
    return tables - {"accounts_throttle"}


def rows_of(tables: Iterable[str]) -> dict[str, list[str]]:
    """Returns every row of these tables."""
    found = {name: db.session.execute(sa.text(f"SELECT * FROM {name}")).all() for name in tables}
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


def forms_of(app: Flask) -> list[tuple[str, str, list[str]]]:
    """Returns (page, action, names of the fields to fill) of every form that a coordinator or an admin can see."""
    found: dict[str, tuple[str, str, list[str]]] = {}
    for look in looks(app):
        answer, path = look.answer, filled(look.rule)
        if look.rule.endpoint == "accounts.deletion":
            continue  # whoever presses there is gone
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in Page(answer).all("main form[method=post]"):
            action = form.attributes.get("action") or ""
            names = [
                node.attributes.get("name") or ""
                for node in form.css("[name]")
                if node.attributes.get("type") != "hidden" and node.tag != "button"
            ]
            if action != "/sign-out":
                found.setdefault(action, (path, action, names))
    assert found
    return list(found.values())


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/%0d%0aLocation:x\r\nx",
        "evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(client: EngageClient, wanted: str) -> None:
    user = make_membership().user
    assert user is not None
    page = client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={"email": user.email, "password": "seven quiet herons", "csrf_token": client.csrf_token()},
    )
    assert (page.status_code, page.headers["Location"]) == (303, "/c/riverbend/")


def test_signing_in_leads_where_one_wanted_to_go(client: EngageClient) -> None:
    user = make_membership().user
    assert user is not None
    page = client.send(
        "/sign-in?next=/c/riverbend/plan/%3Fa%3Db", email=user.email, password="seven quiet herons"
    )
    assert page.location == "/c/riverbend/plan/?a=b"


def test_access_ends_at_the_next_request(app: Flask, people: dict[str, EngageClient]) -> None:
    client = people["member"]
    assert client.get("/c/riverbend/start/").status_code == 200
    place = db.session.get_one(Membership, client.membership.id)
    place.disabled_at = clock.now()
    db.session.commit()
    assert client.get("/c/riverbend/start/").status_code == 404
    assert client.get("/account/").status_code == 200
