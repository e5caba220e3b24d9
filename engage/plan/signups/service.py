"""Opens an event's page, gives its places away, and deletes names when their time is over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from engage import clock, history, kept, tokens
from engage.coalitions.models import Membership
from engage.coalitions.trash import service as trash_service
from engage.database import Selection, folded, text_is_gone
from engage.errors import WrongState
from engage.extensions import db, language
from engage.kept import KeptCopy
from engage.plan.activities import queries as activities_queries
from engage.plan.activities import service as activities_service
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState, Audience
from engage.plan.signups import queries
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.queries import CONFIRM, EVENT, HERE, OWN, Entrance
from engage.plan.signups.rules import KEPT, SIGNUPS_MOST, MailState, SignupState, places_left

# -- the page


def open_page(membership: Membership, activity: Activity, seats: int | None) -> SignupPage:
    """Opens the event's page, or accepts sign-ups again, with this many places. Raises WrongState.

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
    except IntegrityError:  # someone else opened it at the same time
        raise WrongState(_("Someone else opened this page a moment ago. Look at it again.")) from None
    _note(membership, activity, "signup", new=seats)
    fill(activity, page)
    return page


def close_page(membership: Membership, activity: Activity) -> None:
    """Ends signing up; people who signed up keep their places."""
    page = queries.held_page_of(activity)
    if page is not None and page.closed_at is None:
        page.closed_at = clock.now()
        _note(membership, activity, "signup_closed")


def renew_door(membership: Membership, activity: Activity) -> None:
    """Makes another code to sign in with; the printed code stops working. The page's link stays."""
    page = queries.held_page_of(activity)
    if page is not None:
        _give_code(page)
        _note(membership, activity, "signup_code")


def give_links(page: SignupPage) -> None:
    """Sets its link and its sign-in code, made with the server's current key."""
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


def sign_up(found: Entrance, fields: dict[str, Any], press: str, *, asks: bool) -> Signup:
    """Gives a person a place, or one on the waiting list; a repeated press returns what the first one made.

    `asks` says that a mail may ask to confirm the address. Raises WrongState if no one can sign up now.
    """
    page = queries.held_page_of(found.activity)
    db.session.refresh(found.activity)
    if page is None or not Entrance(found.activity, page, found.coalition).takes_signups:
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
    if asks and signup.email and not _was_asked(signup):
        signup.mail = MailState.WAITING
    return signup


def _added(activity: Activity, fields: dict[str, Any], press: str, state: SignupState) -> Signup:
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


def _was_asked(signup: Signup) -> bool:
    """Returns whether this address was already asked to confirm for this event, since it gets only one mail."""
    asked = sa.exists().where(
        Signup.activity_id == signup.activity_id,
        Signup.email == signup.email,
        Signup.id != signup.id,
        Signup.mail != MailState.NONE,
    )
    return bool(db.session.scalar(sa.select(asked)))


def cancel(found: queries.Own) -> None:
    """Deletes a sign-up with all its data; the first person who waits gets the place."""
    activity = found.entrance.activity
    page = queries.held_page_of(activity)
    db.session.delete(found.signup)
    text_is_gone()
    if page is not None and found.entrance.takes_signups:
        fill(activity, page)


def confirm(found: queries.Own) -> None:
    """Notes that the address is right, for everyone who signed up for this event with it."""
    same = (Signup.activity_id == found.signup.activity_id, Signup.email == found.signup.email)
    rows = sa.update(Signup).where(*same, Signup.email != "", Signup.confirmed_at.is_(None))
    db.session.execute(rows.values(confirmed_at=clock.now()))


def remove(membership: Membership, activity: Activity, signup: Signup) -> KeptCopy:
    """Moves a sign-up to the trash; the first person who waits gets the place."""
    page = queries.held_page_of(activity)
    copy = trash_service.put(membership, signup)
    if page is not None:
        fill(activity, page)
    return copy


# -- at the door


def come(signup: Signup) -> None:
    """Notes that a person who signed up is there; a second press changes nothing."""
    signup.state = SignupState.COMING
    signup.came_at = signup.came_at or clock.now()


def sign_in(found: Entrance, fields: dict[str, Any], press: str) -> None:
    """Signs in a person at the door: the sign-up with this name, or else a new one. Raises WrongState.

    The answer does not reveal which of the two it was.
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
    """Notes from a paper sheet who came and who did not; others who signed in stay signed in."""
    for signup in queries.signups_of(activity):
        if signup.id in came:
            come(signup)
        elif signup.id in stayed_away:
            signup.came_at = None
    _note(membership, activity, "attendance")


def count_came(membership: Membership, activity: Activity, audiences: Sequence[Audience] = ()) -> int:
    """Stores the number of people who came as the count for reports, and returns it; `audiences` have their people.

    Raises WrongState.
    """
    page = queries.held_page_of(activity)
    db.session.refresh(activity)
    came = queries.counts_of(activity, page).came if page is not None else 0
    if activity.state is not ActivityState.PLANNED or not came:
        raise WrongState(_("Someone else changed this event a moment ago. Look at it again."))
    _note(membership, activity, "state", old=activity.state, new=ActivityState.HELD)
    _note(membership, activity, "reached", old=activity.reached, new=came)
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
        counts = {"signed_up": SignupPage.signed_up + coming, "came": SignupPage.came + came}
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
    copies = sa.select(KeptCopy).where(
        KeptCopy.ended_at.is_(None), KeptCopy.thing.in_([Signup.__tablename__, Activity.__tablename__])
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
                kept.forget_where(copy.coalition_id, Signup.__tablename__, {"activity_id": activity_id})
                break


def _note(actor: Membership, activity: Activity, field: str, **values: history.Value) -> None:
    history.record(activity.coalition_id, actor.id, Activity.__tablename__, activity.id, field, **values)
