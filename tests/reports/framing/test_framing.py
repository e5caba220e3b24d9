"""Pages in frames of other sites: which site, which headers, no cookie, no form, at most 15 KB, what stands there."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from engage import clock, languages
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.plan.models import Plan
from engage.reports.framing import service
from engage.reports.framing.rules import MOST_SITES, NoSite, origin_of
from engage.reports.models import FramingSite
from engage.reports.public import queries as public_queries
from engage.reports.public import service as public_service
from engage.reports.public.rules import Called
from engage.web.framing import MOST_BYTES
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_reading,
    saved,
)
from tests.html import Page
from tests.meetings.rows import make_meeting
from tests.plan.signups.test_signups import make_event, path
from tests.reports.test_public import a_goal, person, publish
from tests.test_every_route import Look, looks, problems

SITES = "/c/riverbend/reports/public/sites"
TOWN, CHURCH = "https://www.town.example", "https://church.example"
EVERY = ["progress", "calendar", "event"]


def framed(view: str, *sites: str) -> str:
    """Publishes a page of everything, names the sites, and returns the address of one of its framed pages."""
    by = person()
    for site in sites:
        service.name_site(by, site)
    goal = a_goal()
    token = publish({goal.id: Called("Nobody waits for a safe bed", True)}, by=by).rpartition("/")[2]
    make_meeting(by, title="Town hall evening", is_open=True, starts_at=clock.now() + timedelta(days=3))
    event = make_event()
    db.session.commit()
    return f"/framed/event/{path(event).rpartition('/')[2]}" if view == "event" else f"/framed/{token}/{view}"


def ancestors(answer: object) -> str:
    policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    (found,) = re.findall(r"frame-ancestors ([^;]*)", policy)
    return str(found)


# -- who may frame


@pytest.mark.parametrize("view", EVERY)
def test_only_the_named_sites_may_frame_a_page_whoever_asks(client: EngageClient, view: str) -> None:
    address = framed(view, TOWN, CHURCH)
    for headers in (
        {},
        {"Referer": "https://evil.example/"},
        {"Referer": "http://www.town.example/", "Origin": "null"},
    ):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        assert ancestors(answer) == f"{CHURCH} {TOWN}"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("view", EVERY)
def test_while_no_site_is_named_and_after_the_last_is_removed_no_site_may(
    client: EngageClient, view: str
) -> None:
    assert ancestors(client.get(framed(view))) == "'none'"


def test_a_removed_site_is_refused_from_the_next_request_on(
    client: EngageClient, coordinator: EngageClient
) -> None:
    address = framed("progress", TOWN)
    site = db.session.query(FramingSite).one()
    page = coordinator.send(f"{SITES}/{site.id}/remove")
    assert page.location == SITES
    assert ancestors(client.get(address)) == "'none'"


def test_another_coalitions_sites_may_not(client: EngageClient) -> None:
    address = framed("progress", TOWN)
    service.name_site(person(make_coalition(slug="elsewhere")), CHURCH)
    db.session.commit()
    assert ancestors(client.get(address)) == TOWN


def test_all_other_pages_are_refused_in_every_frame_header_by_header(app: Flask) -> None:
    """Walks all routes: also those of people who are signed in, of /answer, and the public pages themselves."""
    wrong, walked = [], looks(app)
    assert {"answer", "public", "event", "home", "accounts"} <= {
        each.rule.endpoint.split(".")[0] for each in walked
    }
    for look in walked:
        if look.rule.endpoint.startswith("framed.") and look.answer.status_code == 200:
            continue
        if ancestors(look.answer) != "'none'" or frame_options(look):
            wrong.append(f"{look.rule.rule}: {look.answer.headers['Content-Security-Policy']}")
    assert not wrong, problems(wrong)


def frame_options(look: Look) -> bool:
    """Returns whether a header says anything about frames that the policy does not say."""
    return "X-Frame-Options" in look.answer.headers


# -- what is in the frame


@pytest.mark.parametrize("view", EVERY)
def test_it_neither_reads_nor_sets_a_cookie(
    client: EngageClient, coordinator: EngageClient, view: str
) -> None:
    """With a session and a language of its own, a browser gets the same bytes and headers as any other."""
    address = framed(view, TOWN)
    coordinator.set_cookie(languages.COOKIE, "es")
    for asked in (address, f"{address}?lang=en", f"{address}?lang=es"):
        mine, anybodys = coordinator.get(asked), client.get(asked)
        assert mine.data == anybodys.data
        assert list(mine.headers) == list(anybodys.headers)
        assert "Set-Cookie" not in mine.headers
        assert "Cookie" not in mine.headers["Vary"]


def test_a_dead_link_neither_reads_nor_sets_a_cookie_either(
    client: EngageClient, coordinator: EngageClient
) -> None:
    coordinator.set_cookie(languages.COOKIE, "es")
    for address in ("/framed/nothing/progress", "/framed/nothing/calendar", "/framed/event/nothing"):
        mine, anybodys = coordinator.get(f"{address}?lang=en"), client.get(f"{address}?lang=en")
        assert mine.status_code == anybodys.status_code == 404
        assert mine.data == anybodys.data
        assert "Set-Cookie" not in mine.headers
        assert ancestors(mine) == "'none'"


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("POST", "/framed/nothing/progress", 405),
        ("PUT", "/framed/event/nothing", 405),
        ("GET", "/framed/nothing", 404),
        ("GET", "/framed/nothing/settings", 404),
    ],
)
def test_what_is_refused_there_sets_no_cookie_and_is_refused_in_frames(
    client: EngageClient, method: str, address: str, status: int
) -> None:
    answer = client.open(address, method=method)
    assert answer.status_code == status
    assert "Set-Cookie" not in answer.headers
    assert ancestors(answer) == "'none'"


@pytest.mark.parametrize("view", EVERY)
def test_it_holds_no_form_no_script_and_nothing_else_to_load(client: EngageClient, view: str) -> None:
    answer = client.get(framed(view, TOWN))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "form-action 'none'" in policy
    assert "sandbox allow-popups " in policy
    assert "allow-scripts" not in policy
    page = Page(answer)
    assert not page.all("form, script, link, img, input, button, iframe")
    for link in page.all("a"):
        assert (link.attributes["target"], link.attributes["rel"]) == ("_blank", "noopener noreferrer")


def test_it_says_the_progress_and_leads_to_the_whole_page(client: EngageClient) -> None:
    address = framed("progress", TOWN)
    page = client.page(address)
    assert page.text("h1") == "Our progress"
    assert page.texts("h2") == ["Nobody waits for a safe bed"]
    assert page.has("2 of 3 actions done")
    whole = page.all("a")[0].attributes["href"] or ""
    assert client.page(urlsplit(whole).path).has("Nobody waits for a safe bed")


def test_the_calendar_has_its_file_beside(client: EngageClient) -> None:
    page = client.page(framed("calendar", TOWN))
    assert page.texts("h2") == ["Town hall evening"]
    feed = next(each.attributes["href"] for each in page.all("a") if "ICS" in each.text())
    assert "Town hall evening" in client.get(urlsplit(feed or "").path).text


def test_signing_up_is_a_link_to_the_events_page(client: EngageClient) -> None:
    page = client.page(framed("event", TOWN))
    assert page.text("h1") == "Training for nurses"
    link = next(each.attributes["href"] for each in page.all("a") if each.text().strip() == "Sign up")
    assert client.page(urlsplit(link or "").path).all("form")


@pytest.mark.parametrize("view", EVERY)
def test_it_is_in_the_language_of_the_page_around_it(client: EngageClient, view: str) -> None:
    address = framed(view, TOWN)
    for lang, words in (("en", "Need help now?"), ("es", "¿Necesita ayuda ahora?")):
        page = client.page(f"{address}?lang={lang}", headers={"Accept-Language": "fr"})
        assert page.one("html").attributes["lang"] == lang
        assert page.has(words)


@pytest.mark.parametrize("view", EVERY)
def test_it_has_at_most_15_kilobytes_however_much_there_is(client: EngageClient, view: str) -> None:
    """Titles as long as they may be, of characters that take the most bytes."""
    widest, by = '"' * 200, person()
    service.name_site(by, TOWN)
    goal = a_goal()
    plan = db.session.get_one(Plan, goal.plan_id)
    goals = [goal, *(make_goal(plan) for _each in range(40))]
    measures = {}
    for each in goals[:10]:
        for _number in range(10):
            measure = make_measure(make_objective(each))
            make_reading(measure, 4, clock.today())
            measures[measure.id] = Called('"' * 120, True)
    token = publish({each.id: Called(widest, True) for each in goals}, by=by, measures=measures).rpartition(
        "/"
    )[2]
    for days in range(20):
        meeting = make_meeting(
            by, title=widest[:120], is_open=True, starts_at=clock.now() + timedelta(days=days + 1)
        )
        db.session.get_one(Meeting, meeting.id).public_place = widest
    event = make_event(title=widest[:120], place=widest[:120], about='"' * 4000)
    db.session.commit()
    address = (
        f"/framed/event/{path(event).rpartition('/')[2]}" if view == "event" else f"/framed/{token}/{view}"
    )
    answer = client.get(f"{address}?lang=es")
    assert answer.status_code == 200
    assert "&#34;" in answer.text
    assert len(answer.data) <= MOST_BYTES


@pytest.mark.parametrize("view", EVERY)
def test_the_queries_of_a_framed_page_do_not_grow(client: EngageClient, view: str) -> None:
    address = framed(view, TOWN)

    def asked() -> int:
        with counted_queries() as statements:
            client.get(address)
        return len(statements)

    before, by = asked(), person()
    plan = db.session.get_one(Plan, a_goal(plan=db.session.query(Plan).one()).plan_id)
    page = public_queries.page_of(by)
    assert page is not None
    for _each in range(3):
        service.name_site(by, f"https://site{_each}.example")
        make_event()
        make_meeting(by, is_open=True, starts_at=clock.now() + timedelta(days=3))
        publish({make_goal(plan).id: Called("One more", True)}, by=by)
    assert asked() == before


def test_it_ends_with_the_public_page_and_with_the_coalition(client: EngageClient) -> None:
    address, event = framed("progress", TOWN), make_event()
    by = person()
    public_service.revoke(by)
    db.session.commit()
    assert client.get(address).status_code == 404
    in_frame = f"/framed/event/{path(event).rpartition('/')[2]}"
    assert client.get(in_frame).status_code == 200
    by.coalition.closed_at = clock.now()
    db.session.commit()
    assert client.get(in_frame).status_code == 404


# -- naming sites


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://www.town.example", TOWN),
        (" https://WWW.Town.example/ ", TOWN),
        ("www.town.example", TOWN),
        ("https://xn--tjuana-vza.example", "https://xn--tjuana-vza.example"),
        ("https://town.xn--p1ai", "https://town.xn--p1ai"),
        ("http://www.town.example", NoSite.NOT_HTTPS),
        ("ftp://www.town.example", NoSite.NOT_HTTPS),
        ("javascript://www.town.example", NoSite.NOT_HTTPS),
        ("https://*.town.example", NoSite.STAR),
        ("*", NoSite.STAR),
        ("https://tоwn.example", NoSite.OTHER_LETTERS),
        ("https://añasco.example", NoSite.OTHER_LETTERS),
        ("https://town.example:8443", NoSite.PORT),
        ("https://town.example:443/", NoSite.PORT),
        ("https://town.example/calendar", NoSite.PATH),
        ("https://town.example?a=b", NoSite.PATH),
        ("https://town.example//", NoSite.PATH),
        ("https://", NoSite.NO_NAME),
        ("https://localhost", NoSite.NO_NAME),
        ("https://192.0.2.1", NoSite.NO_NAME),
        ("https://[2001:db8::1]", NoSite.PORT),
        ("https://anna@town.example", NoSite.NO_NAME),
        ("https://town.example.", NoSite.NO_NAME),
        ("https://town.example;script-src", NoSite.NO_NAME),
        ("https://town.example 'self'", NoSite.NO_NAME),
        ("https://town\t.example", NoSite.NO_NAME),
        ("https://-town.example", NoSite.NO_NAME),
        ("null", NoSite.NO_NAME),
    ],
)
def test_a_site_is_an_exact_https_address_and_nothing_else(typed: str, found: str | NoSite) -> None:
    assert origin_of(typed) == found


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the address of the site."),
        ("http://town.example", "Only sites whose address begins with https:// can show these pages."),
        ("https://*.town.example", "Name each site by itself, without a star."),
        ("https://tоwn.example", "This name has letters that can look like others."),
        ("https://town.example:8443", "Leave out the colon and the number after the name of the site."),
        (
            "https://town.example/a",
            "Enter only the beginning of the address, up to the first slash: https://town.example.",
        ),
        ("town", "Enter the address of a site like https://www.example.org."),
    ],
)
def test_an_address_that_is_none_is_refused_with_words(
    coordinator: EngageClient, typed: str, words: str
) -> None:
    page = coordinator.send(SITES, origin=typed)
    assert page.status == 422
    assert words in page.errors[0]
    assert db.session.query(FramingSite).count() == 0


def test_a_site_is_named_once_and_shown_as_browsers_compare_it(coordinator: EngageClient) -> None:
    for typed in ("https://xn--tjuana-vza.example", "XN--tjuana-vza.example/"):
        assert coordinator.send(SITES, origin=typed).location == SITES
    assert coordinator.page(SITES).texts("#reports-sites strong") == ["https://xn--tjuana-vza.example"]


def test_there_are_at_most_ten(coordinator: EngageClient) -> None:
    for number in range(MOST_SITES):
        service.name_site(coordinator.membership, f"https://site{number}.example")
    db.session.commit()
    page = coordinator.send(SITES, origin=TOWN)
    assert page.errors == ["At most 10 sites can be named. Remove one first."]


def test_what_to_paste_has_the_frame_and_below_it_a_link_in_each_language(
    client: EngageClient, coordinator: EngageClient
) -> None:
    framed("progress", TOWN)
    page = coordinator.page(SITES)
    lines = [each.attributes["value"] or "" for each in page.all("#reports-framed input")]
    frames = [each for each in lines if each.startswith("<iframe")]
    assert len(frames) == 3 * len(languages.offered())
    for each in frames:
        assert 'referrerpolicy="no-referrer"' in each
        source, link = re.findall(r'(?:src|href)="([^"]+)"', each)
        assert "lang=" in source
        for address in (source, link):
            parts = urlsplit(address)
            assert client.get(f"{parts.path}?{parts.query}").status_code == 200
    (feed,) = [each for each in lines if each.endswith(".ics")]
    assert client.get(urlsplit(feed).path).mimetype == "text/calendar"


def test_a_title_with_markup_stays_a_title_in_what_to_paste(coordinator: EngageClient) -> None:
    service.name_site(coordinator.membership, TOWN)
    make_event(title='"><script>alert(1)</script>')
    page = coordinator.page(SITES)
    (line, *_more) = [each.attributes["value"] or "" for each in page.all("#reports-framed input")]
    assert "<script" not in line
    assert "&#34;&gt;&lt;script&gt;" in line


def test_the_queries_of_the_page_of_sites_do_not_grow(coordinator: EngageClient) -> None:
    def asked() -> int:
        with counted_queries() as statements:
            coordinator.page(SITES)
        return len(statements)

    framed("progress", TOWN)
    before = asked()
    for number in range(3):
        service.name_site(coordinator.membership, f"https://site{number}.example")
        make_event()
    db.session.commit()
    assert asked() == before


def test_a_site_of_another_coalition_cannot_be_removed(coordinator: EngageClient) -> None:
    service.name_site(
        make_membership(role=Role.COORDINATOR, coalition=make_coalition(slug="elsewhere")), TOWN
    )
    site = db.session.query(FramingSite).one()
    assert coordinator.send(f"{SITES}/{site.id}/remove").status == 404
    assert saved(site).origin == TOWN
