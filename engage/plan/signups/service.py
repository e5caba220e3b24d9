"""Opens an event's sign-up page, gives its places away, and deletes names when their time is over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history, snapshots, tokens
from engage.accounts import throttle
from engage.accounts.rules import LetterState
from engage.coalitions.models import Membership
from engage.coalitions.trash import service as trash_service
from engage.database import Selection, folded, text_is_gone
from engage.errors import WrongState
from engage.extensions import db, language
from engage.i18n import gettext as _
from engage.plan.activities import queries as activities_queries
from engage.plan.activities import service as activities_service
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState, Audience
from engage.plan.signups import queries
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.queries import CONFIRM, EVENT, HERE, OWN, SignupEntrance
from engage.plan.signups.rules import KEPT, SIGNUPS_MOST, SignupState, places_left
from engage.snapshots import Snapshot

# -- the page


def open_page(membership: Membership, activity: Activity, seats: int | None) -> SignupPage:
    """Opens the event's sign-up page, or accepts sign-ups again, with this many places. Raises WrongState.

    Links that were made with an earlier key open nothing and are replaced.
    """
    page = queries.held_page_of(activity)
    if page is None:
        page = SignupPage(
            coalition_id=activity.coalition_id,
            activity_id=activity.id,
            opened_at=clock.now(),
            opened_by_id=membership.id,
        )
        give_links(page)
        db.session.add(page)
    elif queries.public_token(page) is None:
        give_links(page)
    page.seats, page.closed_at = seats, None
    try:
        db.session.flush()
    except IntegrityError:  # someone else opened the page at the same moment
        raise WrongState(_("Someone else opened this page a moment ago. Look at it again.")) from None
    history.note(membership, activity, "signup", new=seats)
    fill(activity, page)
    return page


def close_page(membership: Membership, activity: Activity) -> None:
    """Ends signing up; people who signed up keep their places."""
    page = queries.held_page_of(activity)
    if page is not None and page.closed_at is None:
        page.closed_at = clock.now()
        history.note(membership, activity, "signup_closed")


def renew_channel(membership: Membership, activity: Activity) -> None:
    """Makes another code to sign in with; the printed code stops working. The sign-up link stays."""
    page = queries.held_page_of(activity)
    if page is not None:
        _give_code(page)
        history.note(membership, activity, "signup_code")


def give_links(page: SignupPage) -> None:
    """Sets the page's link and its sign-in code, made with the server's current key."""
    page.nonce = tokens.new_token()
    page.token_hash = queries.token_hash(EVENT, queries.made_token(EVENT, page.nonce))
    _give_code(page)


def _give_code(page: SignupPage) -> None:
    page.here_nonce = tokens.new_token()
    page.here_hash = queries.token_hash(HERE, queries.made_token(HERE, page.here_nonce))


def fill(activity: Activity, page: SignupPage) -> None:
    """Gives free places to people who wait, in their order. The page must be locked."""
    db.session.flush()
    counts = queries.counts_of(activity, page)
    left = places_left(page.seats, counts.coming)
    if not counts.waiting or left == 0:
        return
    first = (
        sa.select(Signup.id)
        .where(Signup.activity_id == activity.id, Signup.state == SignupState.WAITING)
        .order_by(Signup.id)
        .limit(left)
    )
    moved = sa.update(Signup).where(Signup.id.in_(list(db.session.scalars(first))))
    db.session.execute(moved.values(state=SignupState.COMING))
    db.session.expire_all()


# -- signing up


def sign_up(found: SignupEntrance, fields: dict[str, object], press: str, *, asks: bool) -> Signup:
    """Gives a person a place, or one on the waiting list; a repeated press returns the sign-up of the first.

    `asks` says that a mail may ask to confirm the address. Raises WrongState if no one can sign up now.
    """
    page = queries.held_page_of(found.activity)
    db.session.refresh(found.activity)
    if page is None or not SignupEntrance(found.activity, page, found.coalition).takes_signups:
        raise WrongState(_("No one can sign up anymore."))
    before = db.session.scalar(
        sa.select(Signup).where(Signup.activity_id == found.activity.id, Signup.press == press)
    )
    if before is not None:
        return before
    counts = queries.counts_of(found.activity, page)
    if counts.coming + counts.waiting >= SIGNUPS_MOST:
        raise WrongState(_("No one can sign up anymore."))
    is_free = counts.waiting == 0 and places_left(page.seats, counts.coming) != 0
    signup = _added(found.activity, fields, press, SignupState.COMING if is_free else SignupState.WAITING)
    if asks:
        ask(signup)
    return signup


def ask(signup: Signup) -> bool:
    """Records the mail that asks this person to confirm the address; an address gets one for an event.

    Returns False if too many such mails went out within the hour: the sign-up is kept, and the person may ask
    for the mail later. The page is locked first, so that two simultaneous requests do not mail one address
    twice.
    """
    held = sa.select(SignupPage.id).where(
        SignupPage.coalition_id == signup.coalition_id, SignupPage.activity_id == signup.activity_id
    )
    db.session.execute(held.with_for_update())
    if not signup.email or queries.was_asked(signup):
        return True
    if not throttle.take_confirmation(signup.email, signup.activity_id, signup.coalition_id):
        return False
    signup.mail = LetterState.WAITING
    return True


def _added(activity: Activity, fields: dict[str, object], press: str, state: SignupState) -> Signup:
    nonce = tokens.new_token()
    signup = Signup(
        coalition_id=activity.coalition_id,
        activity_id=activity.id,
        state=state,
        press=press,
        nonce=nonce,
        token_hash=queries.token_hash(OWN, queries.made_token(OWN, nonce)),
        confirm_hash=queries.token_hash(CONFIRM, queries.made_token(CONFIRM, nonce)),
        made_at=clock.now(),
        language=language(),
        **fields,
    )
    db.session.add(signup)
    db.session.flush()
    return signup


def cancel(found: queries.OwnSignup) -> None:
    """Deletes a sign-up with all its data; the first person who waits gets the place."""
    activity = found.entrance.activity
    page = queries.held_page_of(activity)
    db.session.delete(found.signup)
    text_is_gone()
    if page is not None and found.entrance.takes_signups:
        fill(activity, page)


def confirm(found: queries.OwnSignup) -> None:
    """Records that the address is right, for everyone who signed up for this event with this address."""
    same = (Signup.activity_id == found.signup.activity_id, Signup.email == found.signup.email)
    rows = sa.update(Signup).where(*same, Signup.email != "", Signup.confirmed_at.is_(None))
    db.session.execute(rows.values(confirmed_at=clock.now()))


def remove(membership: Membership, activity: Activity, signup: Signup) -> Snapshot:
    """Moves a sign-up to the trash; the first person who waits gets the place."""
    page = queries.held_page_of(activity)
    copy = trash_service.put(membership, signup)
    if page is not None:
        fill(activity, page)
    return copy


# -- at the door


def come(signup: Signup) -> None:
    """Records that a person who signed up is there; a second press changes nothing."""
    signup.state = SignupState.COMING
    signup.came_at = signup.came_at or clock.now()


def sign_in(found: SignupEntrance, fields: dict[str, Any], press: str) -> None:
    """Signs in a person at the door: the sign-up with this name, or else a new one. Raises WrongState.

    A name that has signed in already gets another row, since it may be someone else's. The two count once,
    until an organizer decides. The response does not reveal which of these happened.
    """
    activity = found.activity
    if queries.held_page_of(activity) is None or not found.may_sign_in:
        raise WrongState(
            _("You can sign in from two hours before the event begins, until its day has ended.")
        )
    people = queries.signups_of(activity)
    if any(each.press == press for each in people):
        return
    name = folded(fields["name"])
    signup = next((each for each in people if each.came_at is None and folded(each.name) == name), None)
    if signup is None and len(people) >= SIGNUPS_MOST:
        raise WrongState(_("No one can sign up anymore."))
    come(signup or _added(activity, fields, press, SignupState.COMING))


def mark_came(
    membership: Membership, activity: Activity, came: Collection[int], stayed_away: Collection[int]
) -> None:
    """Records from a paper sheet who came and who did not; others who signed in stay signed in."""
    for signup in queries.signups_of(activity):
        if signup.id in came:
            come(signup)
        elif signup.id in stayed_away:
            signup.came_at = None
    history.note(membership, activity, "attendance")


def same_person(membership: Membership, activity: Activity, double: Signup) -> Snapshot:
    """Merges two sign-ups and moves one to the trash. Raises WrongState if no one else has this name now.

    The one with an address or a phone number stays, because that person may have been sent its link.
    """
    first = _earlier(activity, double)
    stays, goes = first, double
    if (double.email or double.phone) and not (first.email or first.phone):
        stays, goes = double, first
    stays.organization = stays.organization or goes.organization
    stays.sector = stays.sector or goes.sector
    history.note(membership, activity, "attendance")
    return trash_service.put(membership, goes)


def two_people(membership: Membership, activity: Activity, double: Signup) -> None:
    """Records that two people have the same name, so that both count.

    Raises WrongState if no one else has it now.
    """
    _earlier(activity, double)
    double.is_namesake = True
    history.note(membership, activity, "attendance")


def _earlier(activity: Activity, double: Signup) -> Signup:
    """Returns the earlier sign-up of the same name, with the page locked.

    Raises WrongState if there is none.
    """
    queries.held_page_of(activity)
    first = queries.doubles_of(activity.coalition_id, activity.id).get(double.id)
    found = queries.signup_of(activity, first) if first is not None else None
    if found is None:
        raise WrongState(_("Someone else changed this event a moment ago. Look at it again."))
    return found


def count_came(membership: Membership, activity: Activity, audiences: Sequence[Audience] = ()) -> int:
    """Stores how many people came as the count for reports, and returns it. `audiences` have their numbers.

    Raises WrongState.
    """
    page = queries.held_page_of(activity)
    db.session.refresh(activity)
    counts = queries.counts_of(activity, page) if page is not None else queries.SignupCounts()
    came = counts.came
    if activity.state is not ActivityState.PLANNED or not came:
        raise WrongState(_("Someone else changed this event a moment ago. Look at it again."))
    if counts.doubles:
        raise WrongState(
            _("Two people who signed in have the same name. Say first whether they are one person.")
        )
    history.note(membership, activity, "state", old=activity.state, new=ActivityState.HELD)
    history.note(membership, activity, "reached", old=activity.reached, new=came)
    activity.state, activity.reached = ActivityState.HELD, came
    activities_service.set_audiences(activity, audiences or activities_queries.audiences_of(activity))
    given = sum(hours for _key, _name, hours in activities_queries.hours_of(activity))
    if activity.hours is None and given:
        activity.hours = round(given, 2)
    activity.version += 1
    return came


# -- retention


def forget_old(now: datetime) -> int:
    """Deletes sign-ups for events more than 30 days ago, also in the trash; only their number stays."""
    limit = (now - KEPT).date()
    old = sa.select(Activity.id).where(Activity.happened_on < limit)
    rows = (
        sa.select(
            Signup.coalition_id,
            Signup.activity_id,
            sa.func.count(sa.case((Signup.state == SignupState.COMING, 1))),
            sa.func.count(Signup.came_at),
            sa.func.count(),
        )
        .where(Signup.activity_id.in_(old))
        .group_by(Signup.coalition_id, Signup.activity_id)
    )
    gone = 0
    for coalition_id, activity_id, coming, came, number in db.session.execute(rows).all():
        page = sa.update(SignupPage).where(SignupPage.activity_id == activity_id)
        twice = len(queries.doubles_of(coalition_id, activity_id))
        counts = {"signed_up": SignupPage.signed_up + coming - twice, "came": SignupPage.came + came - twice}
        quiet = {"synchronize_session": False}
        db.session.execute(page.values(**counts).execution_options(**quiet))
        db.session.execute(
            sa.delete(Signup)
            .where(Signup.coalition_id == coalition_id, Signup.activity_id == activity_id)
            .execution_options(**quiet)
        )
        gone += number
    _forget_in_trash(limit, old)
    if gone:
        text_is_gone()
    return gone


def _forget_in_trash(limit: Any, old: Selection) -> None:
    """Removes sign-ups from copies in the trash: copies of single sign-ups, and of whole events."""
    copies = sa.select(Snapshot).where(
        Snapshot.ended_at.is_(None), Snapshot.thing.in_([Signup.__tablename__, Activity.__tablename__])
    )
    ids = set(db.session.scalars(old))
    for copy in db.session.scalars(copies):
        days = {
            row["id"]: row["values"]["happened_on"]
            for row in copy.rows or ()
            if row["table"] == Activity.__tablename__ and "values" in row
        }
        for row in copy.rows or ():
            if row["table"] != Signup.__tablename__ or "values" not in row:
                continue
            activity_id = row["values"]["activity_id"]
            if activity_id in ids or days.get(activity_id, limit.isoformat()) < limit.isoformat():
                snapshots.forget_where(copy.coalition_id, Signup.__tablename__, {"activity_id": activity_id})
                break
