"""Tests where a round's group agrees and differs: the list, the talking list, and setting an agreed value."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.assessment.models import AgreedValue, DiscussionPoint, Round
from engage.assessment.results.queries.agreed import agreed_of, discussion_points
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_agreed,
    make_closed_round,
    make_coalition,
    make_membership,
    make_organization,
    make_round,
    signed_in_client,
)
from tests.partners.services.rows import make_service

HERE = "/c/riverbend/assessment/"
AREAS = content().areas
KEYS = [each.key for each in content().indicators]
IN_LAST = [each.key for each in content().indicators_in(AREAS[-1].key)]
LOW, WIDE, UNKNOWN, CHANGED = KEYS[0], KEYS[1], KEYS[2], IN_LAST[0]
GOOD = {"value": "2.5", "reason": "One program began this year.", "agreed_on": "2026-11-20", "version": "0"}


def title(key: str) -> str:
    return content().indicator(key).title


def everywhere(rating: int | str, **others: Any) -> dict[str, Any]:
    return {**dict.fromkeys(KEYS, rating), **others}


def mixed(**overrides: Any) -> Round:
    """Makes five answers: one indicator is low, one has a wide spread, one is unknown to all."""
    people = [everywhere(3, **{LOW: 0, WIDE: rating, UNKNOWN: "dont_know"}) for rating in (1, 4, 4, 1, 4)]
    return make_closed_round([("health", each) for each in people], **overrides)


def earlier(days: int = 365, **said: Any) -> Round:
    """Makes a round that was closed before, with a rating of 3 except as given."""
    round_ = make_closed_round([("health", everywhere(3, **said))] * 3, title="Community assessment 2025")
    round_.closed_at = clock.now() - timedelta(days=days)
    db.session.commit()
    return round_


def listing(round_: Round, **args: Any) -> str:
    """Returns the address of the whole list; without anything asked the page shows its ends alone."""
    said = "&".join(f"{name}={value}" for name, value in (args or {"all": 1}).items())
    return f"{HERE}rounds/{round_.id}/agreement/?{said}"


def form_of(round_: Round, key: str = LOW) -> str:
    return f"{HERE}rounds/{round_.id}/agreement/{key}"


# -- the list


def test_without_anything_asked_five_stand_at_each_end_and_lead_to_all(member: EngageClient) -> None:
    round_ = mixed()
    page = member.page(f"{HERE}rounds/{round_.id}/agreement/")
    both = page.all(".agreement-line")
    assert (
        len({each.attributes["id"] for each in both})
        == len(both)
        == 5 + len(page.all("#assessment-closest .agreement-line"))
    )
    everything = page.one("a[href*='all=1']:not(.pill)").attributes["href"] or ""
    assert len(member.page(everything).all(".agreement-line")) > len(both)


def test_the_list_shows_each_indicators_number_distribution_spread_and_dont_knows(
    member: EngageClient,
) -> None:
    page = member.page(listing(mixed()))
    wide = f"#line-{WIDE}"
    assert page.text(f"{wide} .agreement-value .tag") == "4.0 strong"
    assert page.one(f"{wide} svg.columns").attributes["aria-label"] == (
        "level 0: 0; level 1: 2; level 2: 0; level 3: 0; level 4: 3"
    )
    assert "from 1 to 4" in page.text(f"{wide} .agreement-facts")
    assert "5 of 5" in page.text(f"#line-{UNKNOWN} .agreement-facts")
    assert page.text(f"#line-{UNKNOWN} .agreement-value .tag") == "not shown"
    assert not page.all(f"#line-{UNKNOWN} svg")
    assert len(page.all(".agreement-line")) == len(KEYS)


def test_sector_groups_are_shown_where_they_may_be(member: EngageClient) -> None:
    said = [*[("health", everywhere(1))] * 3, *[("schools", everywhere(3, **{LOW: "dont_know"}))] * 3]
    page = member.page(listing(make_closed_round(said)))
    assert "Care and health 1.0 (3); Schools and youth 3.0 (3)" in page.text(f"#line-{WIDE}")
    assert not page.all(f"#line-{LOW} .agreement-groups")


@pytest.mark.parametrize(
    ("sort", "first"),
    [("", WIDE), ("nonsense", WIDE), ("gap", LOW), ("dont-know", UNKNOWN), ("change", CHANGED)],
)
def test_the_list_is_sorted_as_the_address_says(member: EngageClient, sort: str, first: str) -> None:
    earlier(**{CHANGED: 0, LOW: 0, WIDE: 4, UNKNOWN: "dont_know"})
    page = member.page(listing(mixed(), sort=sort))
    assert page.texts(".agreement-line .row-link")[0] == title(first)


def test_what_moved_since_the_earlier_round_stands_beside_it(member: EngageClient) -> None:
    before = earlier(**{CHANGED: 1, LOW: 2})
    page = member.page(listing(mixed()))
    assert "▲ up 2.0 (was 1.0)" in page.text(f"#line-{CHANGED}")
    assert "▼ down 2.0 (was 2.0)" in page.text(f"#line-{LOW}")
    assert "= no change (was 3.0)" in page.text(f"#line-{KEYS[5]}")
    assert "Not compared: no number is shown in “Community assessment 2026”." in page.text(f"#line-{UNKNOWN}")
    assert page.all(f"a[href='{HERE}compare?before={before.id}&after={before.id + 1}']")


def test_without_an_earlier_round_nothing_is_said_of_change(member: EngageClient) -> None:
    page = member.page(listing(mixed()))
    assert page.has("There is no earlier round to compare with.")
    assert "Change" not in page.texts(".pills a")
    assert not page.all(".moved")


def test_changes_can_be_counted_from_another_earlier_round(member: EngageClient) -> None:
    oldest, last = earlier(700, **{CHANGED: 0}), earlier(300, **{CHANGED: 2})
    round_ = mixed()
    assert "up 1.0" in member.page(listing(round_)).text(f"#line-{CHANGED}")
    page = member.page(listing(round_, since=oldest.id, sort="gap"))
    assert "up 3.0" in page.text(f"#line-{CHANGED}")
    assert page.one("#assessment-since option[selected]").attributes["value"] == str(oldest.id)
    # What is sorted and filtered stays when the round is changed, and the other way round.
    assert page.one("input[name=sort]").attributes["value"] == "gap"
    assert f"since={oldest.id}" in str(page.one(".pills a[href*='sort=change']").attributes["href"])
    assert "up 1.0" in member.page(listing(round_, since=last.id)).text(f"#line-{CHANGED}")


def test_a_short_check_in_does_not_stand_before_last_years_whole_round(member: EngageClient) -> None:
    whole = earlier(**{CHANGED: 1})
    few = {CHANGED: 2, LOW: 1}
    check_in = make_closed_round([("health", few)] * 3, title="Check-in")
    check_in.closed_at = clock.now() - timedelta(days=30)
    db.session.commit()
    page = member.page(listing(mixed()))
    assert page.one("#assessment-since option[selected]").attributes["value"] == str(whole.id)


def test_the_list_is_filtered_by_area(member: EngageClient) -> None:
    page = member.page(listing(mixed(), area=AREAS[-1].key, sort="gap"))
    assert len(page.all(".agreement-line")) == len(IN_LAST)
    assert page.text("#assessment-agreement-title") == f"{len(IN_LAST)} statements"
    assert page.one("#assessment-area option[selected]").attributes["value"] == AREAS[-1].key
    assert page.one("main form[method=get] input").attributes["value"] == "gap"
    assert len(member.page(listing(mixed(), area="nowhere")).all(".agreement-line")) == len(KEYS)


def test_a_long_list_comes_in_pages(member: EngageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engage.assessment.agreed_values.pages.ROWS", 40)
    round_ = mixed()
    assert len(member.page(listing(round_, sort="gap")).all(".agreement-line")) == 40
    page = member.page(listing(round_, sort="gap", page=2))
    assert len(page.all(".agreement-line")) == len(KEYS) - 40
    assert page.has("Page 2 of 2")
    assert len(member.page(listing(round_, sort="gap", page=99)).all(".agreement-line")) == len(KEYS) - 40


def test_who_may_see_the_list(member: EngageClient, viewer: EngageClient) -> None:
    shown, few = mixed(), make_closed_round([("health", everywhere(1))])
    theirs = make_closed_round([("health", everywhere(1))] * 3, coalition=make_coalition())
    open_ = make_round()
    assert viewer.get(listing(shown)).status_code == 403
    assert [member.get(listing(each)).status_code for each in (few, open_, theirs)] == [404, 404, 404]


def test_the_number_of_queries_does_not_grow(coordinator: EngageClient) -> None:
    counts = []
    for people in (3, 40):
        earlier(400 + people)
        round_ = make_closed_round([("health", everywhere(1))] * people)
        for key in KEYS[:people]:
            make_agreed(round_, key, 2)
            coordinator.send(f"{HERE}rounds/{round_.id}/discussion/{key}")
        for path in (listing(round_), f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}"):
            with counted_queries() as statements:
                coordinator.page(path)
            counts.append(len(statements))
    assert counts[:2] == counts[2:]


def test_the_discussion_list_asks_no_more_for_more_points(coordinator: EngageClient) -> None:
    round_, counts = mixed(), []
    for keys in (KEYS[:1], KEYS[1:30]):
        for key in keys:
            coordinator.send(f"{HERE}rounds/{round_.id}/discussion/{key}")
        with counted_queries() as statements:
            coordinator.page(f"{HERE}discussion/")
        counts.append(len(statements))
    assert counts[0] == counts[1]


# -- talk about this


def test_talking_about_it_without_javascript_returns_to_the_line(member: EngageClient) -> None:
    round_ = mixed()
    form = member.page(listing(round_, sort="gap", area=AREAS[0].key)).one(f"#line-{LOW} .discuss form")
    page = member.send(str(form.attributes["action"]))
    assert (page.status, page.location) == (
        303,
        f"{HERE}rounds/{round_.id}/agreement/?sort=gap&area={AREAS[0].key}#line-{LOW}",
    )
    assert [(point.indicator, point.added_by) for point in discussion_points(member.membership)] == [
        (LOW, "Dan Reyes")
    ]
    assert "added by Dan Reyes" in member.page(listing(round_)).text(f"#line-{LOW}")


def test_talking_about_it_with_htmx_swaps_the_button_alone(member: EngageClient) -> None:
    round_ = mixed()
    form = member.page(listing(round_)).one(f"#line-{LOW} .discuss form")
    assert form.attributes["data-hx-target"] == f"#assessment-discuss-{LOW}"
    page = member.send(str(form.attributes["data-hx-post"]), htmx=True)
    assert (page.status, page.text(f"#assessment-discuss-{LOW} button")) == (
        200,
        f"Remove from the list : {title(LOW)}",
    )
    assert page.text("#status") == f"“{title(LOW)}” is on the discussion list."
    assert not page.all("h1")
    url = str(page.one("form").attributes["data-hx-post"])
    assert member.send(url, htmx=True).text(f"#assessment-discuss-{LOW} button").startswith("Talk about this")
    assert discussion_points(member.membership) == []


def test_what_an_address_says_besides_goes_nowhere(member: EngageClient) -> None:
    url = f"{HERE}rounds/{mixed().id}/discussion/{LOW}"
    page = member.send(f"{url}?sort=gap&round_id=7&_external=1&_scheme=javascript&slug=x", htmx=True)
    assert page.one("form").attributes["action"] == f"{url}/remove?sort=gap"


def test_from_an_areas_page_one_comes_back_to_it(member: EngageClient) -> None:
    round_ = mixed()
    area = f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}"
    form = member.page(area).one(f"#{LOW} .discuss form")
    assert member.send(str(form.attributes["action"])).location == f"{area}#{LOW}"


def test_twice_is_once_and_twice_off_is_off(member: EngageClient, coordinator: EngageClient) -> None:
    url = f"{HERE}rounds/{mixed().id}/discussion/{LOW}"
    assert [member.send(url).status, coordinator.send(url).status] == [303, 303]
    assert [mark.added_by_id for mark in db.session.scalars(sa.select(DiscussionPoint))] == [
        member.membership.id
    ]
    assert [member.send(f"{url}/remove").status for _ in range(2)] == [303, 303]
    assert db.session.scalars(sa.select(DiscussionPoint)).all() == []


def test_members_take_off_their_own_and_coordinators_any(
    member: EngageClient, coordinator: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    round_ = mixed()
    url = f"{HERE}rounds/{round_.id}/discussion/{LOW}"
    member.send(url)
    other = client_of(make_membership())
    assert not other.page(listing(round_)).all(f"#line-{LOW} .discuss form")
    assert not other.page(f"{HERE}discussion/").all("main form")
    page = other.send(f"{url}/remove")
    assert page.status == 409
    assert page.has("Someone else put this on the list.")
    assert coordinator.send(f"{url}/remove").status == 303


def test_only_an_indicator_that_is_shown_here_is_talked_about(
    member: EngageClient, viewer: EngageClient
) -> None:
    shown, open_ = mixed(), make_round()
    theirs = make_closed_round([("health", everywhere(1))] * 3, coalition=make_coalition())
    for action in ("", "/remove"):
        assert viewer.send(f"{HERE}rounds/{shown.id}/discussion/{LOW}{action}").status == 403
        assert member.send(f"{HERE}rounds/{shown.id}/discussion/nothing{action}").status == 404
        for round_ in (open_, theirs):
            assert member.send(f"{HERE}rounds/{round_.id}/discussion/{LOW}{action}").status == 404


def test_the_discussion_list_holds_everything_to_talk_with(
    member: EngageClient, coordinator: EngageClient
) -> None:
    before, round_ = earlier(), mixed()
    make_agreed(round_, WIDE, 2)
    for each, key in ((before, LOW), (round_, WIDE), (round_, LOW)):
        member.send(f"{HERE}rounds/{each.id}/discussion/{key}")
    page = member.page(f"{HERE}discussion/")
    # The latest round first, in the order of its questions.
    assert page.texts(".discussion-point h2") == [title(LOW), title(WIDE), title(LOW)]
    first, second = page.all(".discussion-point")[:2]
    assert content().indicator(LOW).statement in first.text()
    assert "Median rating 0.0 of 4 (low), from 5 people." in first.text()
    assert [each.text() for each in first.css(".write-in dt")] == ["We agree on (0 to 4)", "Because"]
    # What is agreed stands there instead of the space to write in.
    assert "Agreed value 2.0 of 4" in second.text()
    assert not second.css(".write-in")
    removed = str(first.css_first("form").attributes["action"])
    assert member.send(removed).location == f"{HERE}discussion/"
    assert len(coordinator.page(f"{HERE}discussion/").all(".discussion-point")) == 2


def test_an_empty_discussion_list_says_how_to_fill_it(member: EngageClient, viewer: EngageClient) -> None:
    assert member.page(f"{HERE}discussion/").has("Nothing on the list yet")
    assert viewer.get(f"{HERE}discussion/").status_code == 403


def test_discussion_points_of_others_are_not_ours(member: EngageClient) -> None:
    theirs = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    round_ = make_closed_round([("health", everywhere(1))] * 3, coalition=theirs.coalition)
    values = {"coalition_id": round_.coalition_id, "round_id": round_.id, "indicator": LOW}
    db.session.add(DiscussionPoint(**values, added_by_id=theirs.id, added_at=clock.now()))
    db.session.commit()
    assert len(discussion_points(theirs)) == 1
    assert discussion_points(member.membership) == []
    assert member.page(f"{HERE}discussion/").has("Nothing on the list yet")


# -- the agreed value


def test_an_agreed_value_shows_with_its_reason_and_the_median_beside_it(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = mixed()
    page = coordinator.page(form_of(round_))
    assert page.text("h1") == title(LOW)
    assert page.value("agreed_on") == clock.today("America/Chicago").isoformat()
    page = coordinator.send(form_of(round_), **GOOD)
    area = f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}"
    assert (page.status, page.location) == (303, f"{area}#{LOW}")
    page = member.page(area)
    assert page.text(f"#{LOW} .panel-head .tag") == "2.5 growing"
    said = page.text(f"#{LOW} .agreed")
    assert "Agreed: 2.5 instead of the median rating, 0.0." in said
    assert "One program began this year." in said
    assert "Agreed on November 20, 2026. Recorded by Maria Santos." in said
    line = member.page(listing(round_)).text(f"#line-{LOW} .agreement-value")
    assert line == "2.5 growing agreed; median rating 0.0"
    # The area's number counts with it.
    table = member.page(f"{HERE}rounds/{round_.id}/results/").texts("#assessment-table tbody tr td")
    assert table[0].startswith("3.1")


def test_the_table_of_an_area_says_what_was_agreed_and_leaves_the_groups_alone(member: EngageClient) -> None:
    said = [*[("health", everywhere(1))] * 3, *[("schools", everywhere(3))] * 3]
    round_ = make_closed_round(said)
    make_agreed(round_, LOW, 2.5)
    page = member.page(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}")
    cells = [
        " ".join(each.text(separator=" ").split())
        for each in page.all("#assessment-groups tbody tr")[0].css("td")
    ]
    assert cells[0] == "2.5 growing, agreed"
    assert {"1.0 low", "3.0 strong"} <= set(cells[1:])


def test_a_value_is_agreed_where_no_median_is_shown(coordinator: EngageClient) -> None:
    round_ = mixed()
    assert coordinator.page(form_of(round_, UNKNOWN)).has("You may still agree on one.")
    coordinator.send(form_of(round_, UNKNOWN), **GOOD)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}")
    assert "Agreed: 2.5 No median rating is shown." in page.text(f"#{UNKNOWN} .agreed")
    assert page.text(f"#{UNKNOWN} .panel-head .tag") == "2.5 growing"
    assert coordinator.page(listing(round_)).text(f"#line-{UNKNOWN} .agreement-value").endswith("agreed")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": ""}, "Choose the value you agreed on."),
        ({"reason": " "}, "Say in a sentence why you settled on it."),
        ({"agreed_on": ""}, "Enter the day you agreed."),
        ({"agreed_on": "2099-01-01"}, "Choose today or an earlier day."),
        ({"reason": "x" * 2001}, "This is too long"),
        ({"reason": "Call 555-123-4567 for more."}, "This looks like it contains a phone number"),
    ],
)
def test_a_refused_agreed_value_keeps_what_was_typed(
    coordinator: EngageClient, wrong: dict[str, str], said: str
) -> None:
    round_ = mixed()
    page = coordinator.send(form_of(round_), **{**GOOD, **wrong})
    assert page.status == 422
    assert said in page.text(".error-summary")
    assert page.text("textarea[name=reason]") == {**GOOD, **wrong}["reason"].strip()
    assert agreed_of(round_) == {}


def test_a_value_between_the_halves_is_refused(coordinator: EngageClient) -> None:
    round_ = mixed()
    assert coordinator.send(form_of(round_), **{**GOOD, "value": "2.2"}).status == 422
    assert agreed_of(round_) == {}


def test_two_coordinators_at_once_the_second_sees_both_and_chooses(coordinator: EngageClient) -> None:
    round_ = mixed()
    coordinator.send(form_of(round_), **GOOD)
    theirs = {**GOOD, "value": "1", "reason": "Nobody could name one.", "agreed_on": "2026-11-21"}
    page = coordinator.send(form_of(round_), **theirs)
    assert page.status == 409
    assert page.texts(".conflict-text") == [
        "2.5 between Partial and Established",
        "1 Starting",
        "One program began this year.",
        "Nobody could name one.",
        "November 20, 2026",
        "November 21, 2026",
    ]
    assert agreed_of(round_)[LOW].value == 2.5
    # Their text is still in the form, ready to be saved over it.
    assert page.text("textarea[name=reason]") == "Nobody could name one."
    version = page.one("form.form-wide input[name=version]").attributes["value"]
    page = coordinator.send(form_of(round_), **{**theirs, "version": version})
    assert page.status == 303
    assert agreed_of(round_)[LOW].value == 1.0


def test_of_two_coordinators_at_the_very_same_moment_one_is_asked_to_look_again(app: Flask) -> None:
    round_ = mixed()
    both = [signed_in_client(app, make_membership(role=Role.COORDINATOR)) for _ in range(2)]
    db.session.commit()
    path = form_of(round_)

    def agree(number: int) -> int:
        with app.app_context():
            return both[number].send(path, **{**GOOD, "value": str(number)}).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(agree, range(2))) == [303, 409]
    (row,) = db.session.scalars(sa.select(AgreedValue)).all()
    assert row.version == 1


def test_taking_back_brings_the_median_back(coordinator: EngageClient) -> None:
    round_ = mixed()
    coordinator.send(form_of(round_), **GOOD)
    form = coordinator.page(form_of(round_)).one("form[action$='take-back']")
    version = form.css_first("input[name=version]").attributes["value"]
    page = coordinator.send(str(form.attributes["action"]), version=version)
    assert page.status == 303
    assert agreed_of(round_) == {}
    page = coordinator.page(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}")
    assert not page.all(f"#{LOW} .agreed")
    # A form from before is told of it.
    assert coordinator.send(form_of(round_), **{**GOOD, "version": "1"}).status == 409
    assert coordinator.send(form_of(round_), **{**GOOD, "version": "2"}).status == 303


def test_what_was_changed_meanwhile_is_not_taken_back(coordinator: EngageClient) -> None:
    round_ = mixed()
    coordinator.send(form_of(round_), **GOOD)
    coordinator.send(form_of(round_), **{**GOOD, "value": "3", "version": "1"})
    page = coordinator.send(f"{form_of(round_)}/take-back", version="1")
    assert page.status == 409
    assert page.has("Nothing was removed: please check again.")
    assert page.one("select[name=value] option[selected]").attributes["value"] == "3"
    assert agreed_of(round_)[LOW].value == 3.0


def test_only_coordinators_agree_and_only_on_what_a_round_shows(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    shown, few = mixed(), make_closed_round([("health", everywhere(1))])
    theirs = make_closed_round([("health", everywhere(1))] * 3, coalition=make_coalition())
    open_ = make_round()
    for person in (member, viewer):
        assert person.get(form_of(shown)).status_code == 403
        assert person.send(form_of(shown), **GOOD).status == 403
        assert person.send(f"{form_of(shown)}/take-back", version="1").status == 403
    assert not member.page(listing(shown)).all("a[href$='agreement/" + LOW + "']")
    assert coordinator.get(form_of(shown, "nothing")).status_code == 404
    for round_ in (open_, few, theirs):
        assert coordinator.get(form_of(round_)).status_code == 404
        assert coordinator.send(form_of(round_), **GOOD).status == 404
        assert coordinator.send(f"{form_of(round_)}/take-back", version="1").status == 404
    assert db.session.scalars(sa.select(AgreedValue)).all() == []


def test_today_is_the_coalitions_day(coordinator: EngageClient) -> None:
    round_ = mixed()
    # The next night at three in London: already tomorrow there, still the day before in Chicago.
    night = (clock.now() + timedelta(days=1)).replace(hour=3, minute=0, second=0, microsecond=0)
    there, here = night.date(), night.date() - timedelta(days=1)
    with time_machine.travel(night, tick=False):
        assert coordinator.send(form_of(round_), **{**GOOD, "agreed_on": there.isoformat()}).status == 422
        assert coordinator.send(form_of(round_), **{**GOOD, "agreed_on": here.isoformat()}).status == 303


def test_about_the_referral_list_stands_what_the_list_itself_has(coordinator: EngageClient) -> None:
    round_, key = mixed(), "trusted-referral-list"
    first, second = make_organization(name="Harbor House"), make_organization(name="Grace Church")

    def said(of: str = key) -> list[str]:
        return coordinator.page(form_of(round_, of)).texts("#assessment-evidence")

    assert said()[0].startswith("The referral list here has no service yet.")
    for organization, values in (
        (first, {}),
        (first, {"checked_on": clock.today("UTC") - timedelta(days=500)}),
        (second, {"agreed_on": None, "agreed_by": ""}),
    ):
        make_service(coordinator.membership, organization, **values)
    assert said()[0].startswith(
        "The referral list here has 2 services of 1 organization. Checked within a year: 1 of 2."
    )
    assert said(LOW) == []
