"""Builds the pages of sign-ups: what organizers see, and what people with a link read."""

from collections.abc import Sequence
from datetime import date

from flask import current_app, url_for
from markupsafe import Markup
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.i18n import format_time
from engage.i18n import gettext as _
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.labels import when_words
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.signups import labels, queries
from engage.plan.signups.forms import CountForm
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.queries import EVENT, HERE, OwnSignup, SignupEntrance
from engage.plan.signups.rules import SignupState
from engage.web import links


class SignupChannel(Struct, frozen=True):
    """A link of the event: its full address, the address to type, and its QR code."""

    link: str
    short: str
    qr: Markup


def channel_of(page: SignupPage | None, purpose: str = EVENT) -> SignupChannel | None:
    """Returns the page's link; None if there is no page, or if the link was made with an earlier key."""
    if page is None:
        return None
    token = queries.public_token(page) if purpose == EVENT else queries.here_token(page)
    if token is None:
        return None
    view = "event.show_event" if purpose == EVENT else "event.sign_in"
    link = links.external(url_for(view, token=token))
    return SignupChannel(link, links.short(link), links.qr(link))


class Double(Struct, frozen=True):
    """Two sign-ins with the same name: the later and the earlier one, as an organizer reads them."""

    id: int
    name: str
    earlier: str
    later: str


class SignupSheet(Struct, frozen=True):
    """The page for organizers: the links, how many people come, and who they are."""

    page: SignupPage | None
    channel: SignupChannel | None
    here: SignupChannel | None
    words: str
    coming: Sequence[Signup]
    waiting: Sequence[Signup]
    sectors: dict[str, str]
    confirmed: int
    when: str
    doubles: Sequence[Double]
    unasked: str


def sheet(activity: Activity, time_zone: str) -> SignupSheet:
    page = queries.page_of(activity)
    people = queries.signups_of(activity) if page is not None else []
    counts = queries.counts_of(activity, page) if page is not None else queries.SignupCounts()
    return SignupSheet(
        page=page,
        channel=channel_of(page),
        here=channel_of(page, HERE),
        words=labels.counts_words(counts, page.seats) if page is not None else "",
        coming=[each for each in people if each.state is SignupState.COMING],
        waiting=[each for each in people if each.state is SignupState.WAITING],
        sectors={each.key: each.name for each in content().sectors},
        confirmed=sum(each.confirmed_at is not None for each in people),
        when=_when(activity, time_zone),
        doubles=_doubles(activity, people),
        unasked=unasked(activity, page),
    )


def unasked(activity: Activity, page: SignupPage | None) -> str:
    """Returns how many people got no mail to confirm their address, and why; "" for none, or without mail."""
    if page is None or page.closed_at is not None or current_app.config["MAIL"] is None:
        return ""
    return labels.unasked_words(queries.unasked(activity))


def _doubles(activity: Activity, people: Sequence[Signup]) -> list[Double]:
    by_id = {each.id: each for each in people}
    found = queries.doubles_of(activity.coalition_id, activity.id) if people else {}
    return [
        Double(key, by_id[key].name, _signed_in(by_id[first]), _signed_in(by_id[key]))
        for key, first in found.items()
    ]


def _signed_in(signup: Signup) -> str:
    """Returns what tells two people with the same name apart, such as "River Clinic, dan@example.org, 6:05 PM"."""
    sectors = {each.key: each.name for each in content().sectors}
    at = format_time(signup.came_at, "short") if signup.came_at is not None else ""
    told = (signup.organization, sectors.get(signup.sector, signup.sector), signup.email, signup.phone, at)
    return ", ".join(each for each in told if each)


class EventSignups(Struct, frozen=True):
    """What an event's page says of its sign-ups: the link to share, who comes, and the page's next step.

    `next_step` is a label with an address: to share the event before its day, to sign people in on its day. It is
    None where there is nothing to do, or when people are to be counted, which the page asks for by itself.
    """

    channel: SignupChannel | None = None
    words: str = ""
    unasked: str = ""
    counts: queries.SignupCounts = queries.SignupCounts()
    next_step: tuple[str, str] | None = None


def event_signups(membership: Membership, activity: Activity, today: date) -> EventSignups:
    """Reads the sign-ups of an event for its own page."""
    page, counts = _counted(activity)
    is_coming = activity.state is ActivityState.PLANNED and activity.happened_on >= today
    if page is None:
        opens = is_coming and may(membership.role, Permission.PUBLISH)
        signups = url_for("plan.signups", activity_id=activity.id)
        return EventSignups(next_step=(_("Let people sign up"), signups) if opens else None)
    channel = channel_of(page) if is_coming and page.closed_at is None else None
    return EventSignups(
        channel=channel,
        words=labels.counts_words(counts, page.seats),
        unasked=unasked(activity, page),
        counts=counts,
        next_step=_next_step(activity, today, is_open=channel is not None) if is_coming else None,
    )


def _next_step(activity: Activity, today: date, *, is_open: bool) -> tuple[str, str] | None:
    if activity.happened_on == today:
        return _("Sign people in"), url_for("plan.signup_sheet", activity_id=activity.id)
    return (
        (_("Print the poster"), url_for("plan.signup_poster", activity_id=activity.id)) if is_open else None
    )


def _counted(activity: Activity) -> tuple[SignupPage | None, queries.SignupCounts]:
    """Returns the event's page to sign up, if it has one, and how many signed up and signed in."""
    page = queries.page_of(activity)
    return page, queries.counts_of(activity, page) if page is not None else queries.SignupCounts()


def came_of(activity: Activity) -> int:
    """Returns how many people signed in."""
    return _counted(activity)[1].came


def count_form(activity: Activity, came: int, **settings: object) -> CountForm:
    """Returns the form that counts who signed in."""
    return CountForm(activities_queries.audiences_of(activity), came, **settings)


def summary(activity: Activity) -> str:
    """Returns how many people signed up, for the event's page; "" if there is no page to sign up."""
    page, counts = _counted(activity)
    return labels.counts_words(counts, page.seats) if page is not None else ""


class PublicEvent(Struct, frozen=True):
    """The event as anyone with its link reads it."""

    title: str
    when: str
    place: str
    about: str
    coalition: str
    left: str
    is_full: bool
    notice: str


def public(found: SignupEntrance) -> PublicEvent:
    left = queries.left_of(found.activity, found.page) if found.takes_signups else None
    return PublicEvent(
        title=found.activity.title,
        when=_when(found.activity, found.coalition.time_zone),
        place=found.activity.place,
        about=found.activity.about,
        coalition=found.coalition.name,
        left=labels.left_words(left),
        is_full=left == 0,
        notice=_notice(found),
    )


def _notice(found: SignupEntrance) -> str:
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

    event: PublicEvent
    name: str
    is_waiting: bool
    place_in_line: int
    link: str
    changes: Sequence[str]
    email: str
    is_asked: bool
    may_ask: bool
    is_confirmed: bool
    may_cancel: bool
    has_spot: bool
    may_sign_in: bool
    came: bool


def own_page(found: OwnSignup, *, by_mail: bool) -> OwnPage:
    signup, entrance = found.signup, found.entrance
    is_waiting = signup.state is SignupState.WAITING
    wants_mail = by_mail and signup.email != "" and signup.confirmed_at is None
    is_asked = wants_mail and queries.was_asked(signup)
    return OwnPage(
        event=public(entrance),
        name=signup.name,
        is_waiting=is_waiting,
        place_in_line=queries.place_in_line(signup) if is_waiting else 0,
        link=entrance.activity.link if not is_waiting else "",
        changes=_changes(signup, entrance.activity),
        email=signup.email,
        is_asked=is_asked,
        may_ask=wants_mail and not is_asked and entrance.takes_signups,
        is_confirmed=signup.confirmed_at is not None,
        may_cancel=found.may_cancel,
        has_spot=found.has_spot,
        may_sign_in=not is_waiting and signup.came_at is None and entrance.may_sign_in,
        came=signup.came_at is not None,
    )


def _changes(signup: Signup, activity: Activity) -> list[str]:
    """Says which of day, time and place changed since this person signed up."""
    found = []
    if activity.time_changed_at is not None and activity.time_changed_at > signup.made_at:
        found.append(_("The day or time changed since you signed up. The new one is shown here."))
    if activity.place_changed_at is not None and activity.place_changed_at > signup.made_at:
        found.append(_("The place changed since you signed up. The new one is shown here."))
    return found


def _when(activity: Activity, time_zone: str) -> str:
    return when_words(activity.happened_on, activity.starts_at, activity.minutes, time_zone)
