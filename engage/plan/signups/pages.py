"""Builds the pages of sign-ups: what organizers see, and what people with a link read."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from msgspec import Struct

from engage.content.loader import content
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.models import Activity
from engage.plan.activities.words import when_words
from engage.plan.signups import queries, words
from engage.plan.signups.forms import CountForm
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.queries import EVENT, HERE, Entrance, Own
from engage.plan.signups.rules import SignupState
from engage.web import links


class Door(Struct, frozen=True):
    """A link of the event: its full address, the address to type, and its QR code."""

    link: str
    short: str
    qr: Markup


def door_of(page: SignupPage | None, purpose: str = EVENT) -> Door | None:
    """Returns the link; None if there is no page, or if it was made with an earlier key."""
    if page is None:
        return None
    token = queries.public_token(page) if purpose == EVENT else queries.here_token(page)
    if token is None:
        return None
    view = "event.show_event" if purpose == EVENT else "event.sign_in"
    link = links.external(url_for(view, token=token))
    return Door(link, links.short(link), links.qr(link))


class Sheet(Struct, frozen=True):
    """The page for organizers: the links, how many people come, and who."""

    page: SignupPage | None
    door: Door | None
    here: Door | None
    words: str
    coming: Sequence[Signup]
    waiting: Sequence[Signup]
    sectors: dict[str, str]
    confirmed: int
    when: str


def sheet(activity: Activity, time_zone: str) -> Sheet:
    page = queries.page_of(activity)
    people = queries.signups_of(activity) if page is not None else []
    counts = queries.counts_of(activity, page) if page is not None else queries.Counts()
    return Sheet(
        page=page,
        door=door_of(page),
        here=door_of(page, HERE),
        words=words.counts_words(counts, page.seats) if page is not None else "",
        coming=[each for each in people if each.state is SignupState.COMING],
        waiting=[each for each in people if each.state is SignupState.WAITING],
        sectors={each.key: each.name for each in content().sectors},
        confirmed=sum(each.confirmed_at is not None for each in people),
        when=_when(activity, time_zone),
    )


def came_of(activity: Activity) -> int:
    """Returns how many signed in, for the event's page."""
    page = queries.page_of(activity)
    return queries.counts_of(activity, page).came if page is not None else 0


def count_form(activity: Activity, **settings: object) -> CountForm:
    """Returns the form that counts who signed in."""
    return CountForm(activities_queries.audiences_of(activity), came_of(activity), **settings)


def summary(activity: Activity) -> str:
    """Returns how many people signed up, for the event's page; "" if there is no page to sign up."""
    page = queries.page_of(activity)
    return words.counts_words(queries.counts_of(activity, page), page.seats) if page is not None else ""


class Public(Struct, frozen=True):
    """The event as anyone with its link reads it."""

    title: str
    when: str
    place: str
    about: str
    coalition: str
    left: str
    is_full: bool
    notice: str


def public(found: Entrance) -> Public:
    left = queries.left_of(found.activity, found.page) if found.takes_signups else None
    return Public(
        title=found.activity.title,
        when=_when(found.activity, found.coalition.time_zone),
        place=found.activity.place,
        about=found.activity.about,
        coalition=found.coalition.name,
        left=words.left_words(left),
        is_full=left == 0,
        notice=_notice(found),
    )


def _notice(found: Entrance) -> str:
    """Returns why no one can sign up now, or ""."""
    if found.is_called_off:
        return _("This event is canceled. You do not need to do anything.")
    if found.is_over:
        return _("This event has ended. Thank you for your interest.")
    if found.page.closed_at is not None:
        return _("Sign-up is closed. Ask the coalition about the next event.")
    return ""


class OwnPage(Struct, frozen=True):
    """One person's sign-up, as its own link shows it."""

    event: Public
    name: str
    is_waiting: bool
    place_in_line: int
    link: str
    changes: Sequence[str]
    email: str
    is_asked: bool
    is_confirmed: bool
    may_cancel: bool
    may_sign_in: bool
    came: bool


def own_page(found: Own, *, by_mail: bool) -> OwnPage:
    signup, entrance = found.signup, found.entrance
    is_waiting = signup.state is SignupState.WAITING
    return OwnPage(
        event=public(entrance),
        name=signup.name,
        is_waiting=is_waiting,
        place_in_line=queries.place_in_line(signup) if is_waiting else 0,
        link=entrance.activity.link if not is_waiting else "",
        changes=_changes(signup, entrance.activity),
        email=signup.email,
        is_asked=by_mail and signup.mail != "none" and signup.confirmed_at is None,
        is_confirmed=signup.confirmed_at is not None,
        may_cancel=signup.came_at is None and not entrance.is_over and not entrance.is_called_off,
        may_sign_in=not is_waiting and signup.came_at is None and entrance.may_sign_in,
        came=signup.came_at is not None,
    )


def _changes(signup: Signup, activity: Activity) -> list[str]:
    """Says what changed since this person signed up."""
    found = []
    if activity.time_changed_at is not None and activity.time_changed_at > signup.made_at:
        found.append(_("The day or time changed since you signed up. The new one is shown here."))
    if activity.place_changed_at is not None and activity.place_changed_at > signup.made_at:
        found.append(_("The place changed since you signed up. The new one is shown here."))
    return found


def _when(activity: Activity, time_zone: str) -> str:
    return when_words(activity.happened_on, activity.starts_at, activity.minutes, time_zone)
