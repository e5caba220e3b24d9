"""Whose language a page is in: the account's choice, the link's, the browser's, the coalition's; and how to switch."""

import shutil
from urllib.parse import quote

import pytest
from flask import Flask

from engage import languages
from engage.accounts.models import User
from engage.coalitions.models import Coalition
from engage.extensions import db, in_language
from engage.web.labels import listed
from tests import speaking
from tests.assessment.guests.rows import open_channel, token
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_membership, make_round, the_coalition
from tests.meetings.rows import make_meeting

pytestmark = pytest.mark.usefixtures("french")
FRENCH = {"Accept-Language": "fr"}
HOME = "/c/riverbend/"


def lang(client: EngageClient, path: str, **settings: object) -> str:
    return client.page(path, **settings).one("html").attributes["lang"] or ""


def chosen(client: EngageClient) -> str:
    return db.session.get_one(User, client.membership.user_id).language


def on_account(client: EngageClient) -> str:
    return client.page("/account/").one("select[name=lang] option[selected]").attributes["value"] or ""


def choose(client: EngageClient, wanted: str) -> None:
    db.session.get_one(User, client.membership.user_id).language = wanted
    db.session.commit()


def speak(wanted: str) -> None:
    db.session.get_one(Coalition, the_coalition().id).language = wanted
    db.session.commit()


def test_the_order_is_account_link_browser_coalition_english(member: EngageClient) -> None:
    assert lang(member, HOME) == "en"
    speak("fr")
    assert lang(member, HOME) == "fr"
    assert lang(member, HOME, headers={"Accept-Language": "en-US"}) == "en"
    assert lang(member, f"{HOME}?lang=en", headers=FRENCH) == "en"
    assert lang(member, HOME, headers=FRENCH) == "en"  # the link's choice is kept
    choose(member, "fr")
    assert lang(member, f"{HOME}?lang=en") == "fr"


@pytest.mark.parametrize("unknown", ["xx", "", "fr;DROP", "x" * 3000, "\u202e", "../fr", "de"])
def test_a_language_that_is_not_there_is_ignored_quietly(unknown: str, member: EngageClient) -> None:
    assert lang(member, f"{HOME}?lang={quote(unknown)}") == "en"
    assert member.get_cookie("language") is None
    member.set_cookie("language", quote(unknown[:3000]))
    assert lang(member, HOME, headers=FRENCH) == "fr"
    choose(member, unknown[:10])
    speak(unknown[:10])
    assert lang(member, HOME) == "en"
    assert member.page("/account/").one("html").attributes["lang"] == "en"


def test_a_link_is_kept_by_its_browser_alone(app: Flask, client: EngageClient) -> None:
    assert lang(client, "/sign-in?lang=fr") == "fr"
    assert lang(client, "/sign-in") == "fr"
    assert lang(client, "/about", headers={"Accept-Language": "en"}) == "fr"
    cookie = client.get_cookie("language")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax" and cookie.value == "fr"
    assert app.test_client().get("/sign-in").text.count('<html lang="en">') == 1


def test_the_switcher_stays_on_the_page_with_what_was_asked(client: EngageClient) -> None:
    page = client.page("/help?from=a%20b&lang=fr&from=2")
    link = page.one(".foot-links a[hreflang]")
    assert link.attributes["href"] == "/help?from=a+b&from=2&lang=en"
    assert (link.text().strip(), link.attributes["lang"]) == ("English", "en")
    assert client.page(link.attributes["href"] or "").one(".foot-links a[hreflang=fr]")


def test_on_a_refused_form_it_leads_to_the_form(client: EngageClient) -> None:
    page = client.send("/sign-in", email="", password="")
    assert page.status == 422
    assert page.one(".foot-links a[hreflang]").attributes["href"] == "/sign-in?lang=fr"


def test_where_no_page_has_the_address_it_leads_to_the_page_before(app: Flask, client: EngageClient) -> None:
    path = f"/answer/{token(open_channel(make_membership(), make_round()))}"
    client.get(path)
    for referrer, leads in (
        (f"http://localhost{path}", path),
        ("https://evil.example/x", "/"),
        ("http://[", "/"),
    ):
        data = {"csrf_token": client.csrf_token()}
        refused = client.post(f"{path}/start", data=data, headers={"Referer": referrer})
        assert refused.status_code == 422
        assert f'href="{leads}?lang=fr"' in refused.text


def test_an_address_that_looks_like_another_site_is_not_linked(client: EngageClient) -> None:
    page = client.get("//evil.example/%0d%0aSet-Cookie:x").text
    assert "evil.example" not in page


def test_who_is_signed_in_switches_for_good_and_comes_back(member: EngageClient) -> None:
    page = member.page(f"{HOME}checklist/?open=all")
    button = page.one(".foot-links button[name=lang]")
    assert (button.attributes["value"], button.attributes["lang"]) == ("fr", "fr")
    here = page.one(".foot-links input[name=here]").attributes["value"] or ""
    answer = member.send("/account/language", lang="fr", here=here)
    assert (answer.status, answer.location) == (303, f"{HOME}checklist/?open=all")
    assert chosen(member) == "fr"
    assert lang(member, HOME) == "fr"
    assert lang(member, "/sign-in?next=x", follow_redirects=True) == "fr"


@pytest.mark.parametrize("here", ["https://evil.example/", "//evil.example", "", "/\\evil"])
def test_it_leads_to_no_other_site(here: str, member: EngageClient) -> None:
    assert member.send("/account/language", lang="fr", here=here).location == "/account/"


def test_the_account_page_says_what_was_chosen_and_takes_it_back(member: EngageClient) -> None:
    assert on_account(member) == ""
    member.send("/account/language", lang="fr")
    assert on_account(member) == "fr"
    member.send("/account/language", lang="")
    assert chosen(member) == ""
    refused = member.send("/account/language", lang="xx")
    assert (refused.status, chosen(member)) == (422, "")


def test_the_coalitions_language_is_one_of_its_settings(coordinator: EngageClient) -> None:
    page = coordinator.page(f"{HOME}settings/")
    assert page.value("language") == "en"
    fields = {name: page.value(name) for name in ("name", "community", "time_zone", "fiscal_month")}
    fields |= {name: page.value(name) for name in ("active_months", "quiet_days", "version")}
    assert (
        coordinator.send(f"{HOME}settings/", **(fields | {"community": "Here", "language": "fr"})).status
        == 303
    )
    assert the_coalition().language == "fr"


def test_leaving_forgets_the_language(client: EngageClient) -> None:
    client.get("/sign-in?lang=fr")
    client.get("/leave")
    assert client.get_cookie("language") is None


def test_another_language_asks_the_database_nothing_more(member: EngageClient) -> None:
    for path in (HOME, f"{HOME}checklist/", f"{HOME}plan/", f"{HOME}toolkit/areas/", "/account/"):
        counts = []
        for wanted in ("en", "fr", "en", "fr"):
            choose(member, wanted)
            with counted_queries() as asked:
                assert lang(member, path) == wanted
            counts.append(len(asked))
        assert counts[2] == counts[3], path


def test_no_one_is_offered_a_choice_of_one(member: EngageClient, coordinator: EngageClient) -> None:
    shutil.rmtree(languages.CONTENT / "fr")
    speaking.forget()
    assert not member.page(HOME).all("footer [lang]")
    assert not member.page("/account/").all("#accounts-language")
    assert not member.get("/sign-in").text.count("hreflang")
    assert not coordinator.page(f"{HOME}settings/").all("[name=language]")


def test_about_says_which_languages_native_speakers_have_read(
    client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.page("/about")
    assert page.texts("#pages-languages li") == ["Français : not reviewed by native speakers yet"]
    assert page.has("A word is wrong or sounds odd?")
    monkeypatch.setattr(languages, "REVIEWED", frozenset({"fr"}))
    assert client.page("/about").texts("#pages-languages li") == ["Français : reviewed by native speakers"]


def test_a_paper_is_in_the_language_of_its_link_and_changes_no_ones_choice(member: EngageClient) -> None:
    choose(member, "en")
    for path in ("reports/plan", "reports/card", "reports/partners"):
        assert lang(member, f"{HOME}{path}") == "en"
        page = member.page(f"{HOME}{path}?lang=fr")
        assert page.one("html").attributes["lang"] == "fr"
        assert page.one(".foot-links a[hreflang=en]").attributes["href"] == f"{HOME}{path}?lang=en"
    assert member.get_cookie("language") is None
    assert (lang(member, HOME), chosen(member)) == ("en", "en")


def test_a_paper_leads_to_its_pdf_and_its_other_forms_in_the_language_it_was_asked_for(
    member: EngageClient,
) -> None:
    choose(member, "en")
    for path in ("reports/guide", "reports/card", "reports/partners"):
        english, french = (member.page(f"{HOME}{path}{asked}") for asked in ("", "?lang=fr"))
        pdf = f"{HOME}{path}.pdf"
        assert english.all(f'main a[href="{pdf}"]')
        assert french.all(f'main a[href="{pdf}?lang=fr"]')
        assert french.all(f'nav a[href="{HOME}plan/"]')  # what is no paper stays as it was


def test_each_pdf_is_in_the_language_of_its_link(app: Flask) -> None:
    """An old address leads on with all that it asked for."""
    pdfs = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith(".pdf")}
    pdfs.discard("old_addresses.lead_on")
    assert len(pdfs) > 12
    assert {name for name in pdfs if not hasattr(app.view_functions[name], "on_paper")} == set()


def test_an_agenda_comes_in_both_languages_on_request(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    path = f"{HOME}meetings/{meeting.id}/agenda/"
    one = member.page(path)
    assert one.texts(".meeting-paper p") == ["No agenda yet."]
    both = member.page(one.one(".no-print a[href*=also]").attributes["href"] or "")
    assert [each.attributes["lang"] for each in both.all("main div[lang]")] == ["en", "fr"]
    assert both.texts(".meeting-paper p") == ["No agenda yet.", "Pas encore d’ordre du jour."]
    for unknown in ("xx", "en", ""):
        assert len(member.page(f"{path}?also={unknown}").all(".meeting-paper")) == 1


def test_a_list_within_a_sentence_is_joined_as_its_language_does(app: Flask) -> None:
    with app.test_request_context():
        assert listed(["people", "plans", "ideas"]) == "people, plans, and ideas"
        with in_language("es"):
            assert listed(["ideas", "planes", "personas"]) == "ideas, planes y personas"


def test_in_a_language_without_a_list_of_stories_the_page_says_that_nothing_looks_through(
    member: EngageClient,
) -> None:
    said = "Engage cannot check what you write in this language. Read your text again before you save it."
    page = f"{HOME}strengths/needs/new"
    assert not any(said in each for each in member.page(page).texts(".no-names"))
    speak("fr")
    hints = member.page(page).texts(".no-names")
    assert hints and all(said in each for each in hints)
