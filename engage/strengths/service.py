"""Writes strengths, needs and matches: offering, choosing what to work on, and matching the two."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from engage import clock, history, snapshots, versions
from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.dates import long_day
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.models import Organization
from engage.snapshots import Snapshot, SnapshotFor
from engage.strengths import queries
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState, RatingSource, StrengthKind

# The trash stores the numbers of needs under this key.
NEED_NUMBERS = "need_numbers"
# History stores old and new values of these fields. For other fields it stores only that they changed.
KEPT = frozenset({"stated_gap", "kind", "giver_id", "organization_id"})


def offer(giver: Membership, title: str) -> Strength:
    """Adds a person's offer in their own words; the same words again return the same row, even withdrawn."""
    for strength in queries.ever_offered_by(giver):
        if strength.title.casefold() == title.casefold():
            if strength.withdrawn_on is not None:
                offer_again(strength, giver)
            return strength
    strength = add_strength(giver, title=title, giver=giver)
    history.note(giver, strength, "offered")
    return strength


def withdraw(strength: Strength, actor: Membership) -> Snapshot | None:
    """Withdraws the offer.

    It goes to the trash; if something depends on it, it stays, marked as withdrawn.
    """
    history.note(actor, strength, "withdrawn")
    lock(strength.coalition_id)
    try:
        return trash_service.put(actor, strength)
    except Held:
        strength.withdrawn_on = clock.today(actor.coalition.time_zone)
        strength.version += 1
        return None


def withdrawn_by(giver: Membership, copy_id: int) -> Snapshot | None:
    """Returns the copy in the trash of an offer that this person withdrew, even if it was restored since."""
    copy = snapshots.copy_of(giver.coalition_id, copy_id)
    if copy is None or (copy.kept_for, copy.thing) != (SnapshotFor.TRASH, Strength.__tablename__):
        return None
    rows = (row for row in copy.rows or () if row["table"] == copy.thing)
    is_own = copy.ended is not None or all(row["values"]["giver_id"] == giver.id for row in rows)
    return copy if is_own and copy.made_by_id == giver.id else None


def add_strength(
    membership: Membership,
    *,
    title: str,
    kind: StrengthKind | None = None,
    giver: Membership | None = None,
    organization: Organization | None = None,
    areas: Iterable[str] = (),
    indicator: str = "",
    limits: str = "",
) -> Strength:
    """Adds an asset of a person, an organization or, with neither, the community. `areas` are keys."""
    strength = Strength(
        coalition_id=membership.coalition_id,
        title=title,
        kind=kind,
        giver_id=giver.id if giver is not None else None,
        organization_id=organization.id if organization is not None else None,
        indicator=indicator,
        limits=limits,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    db.session.add(strength)
    db.session.flush()
    _serve(strength, dict.fromkeys(areas))
    return strength


def offer_again(strength: Strength, actor: Membership) -> None:
    """Puts a withdrawn strength back on offer. Raises WrongState if it is on offer."""
    if strength.withdrawn_on is None:
        raise WrongState(_("This is already available."))
    history.note(actor, strength, "offered")
    strength.withdrawn_on = None
    strength.version += 1


def may_withdraw(membership: Membership, strength: Strength) -> bool:
    """Returns whether this person may withdraw the strength: offered or added by them, or as coordinator."""
    own = membership.id in {strength.giver_id, strength.created_by_id}
    return own or membership.role is Role.COORDINATOR


def on_offer(strength: Strength) -> Strength:
    """Returns the strength. Raises WrongState if it was withdrawn."""
    if strength.withdrawn_on is not None:
        raise WrongState(_("This is no longer available. Put it back on the list to change it."))
    return strength


def edit_strength(
    membership: Membership,
    strength: Strength,
    version: int,
    values: Mapping[str, object],
    areas: Iterable[str],
) -> None:
    """Sets new values of fields by name, and replaces its focus areas. Raises WrongState, StaleVersion."""
    on_offer(strength)
    versions.change(membership, strength, version, values, KEPT)
    before, after = set(queries.areas_of(strength)), set(areas)
    if before == after:
        return
    of_it = (
        StrengthArea.coalition_id == strength.coalition_id,
        StrengthArea.strength_id == strength.id,
    )
    db.session.execute(sa.delete(StrengthArea).where(*of_it, StrengthArea.area.not_in(after)))
    _serve(strength, sorted(after - before))
    history.note(membership, strength, "areas")


def _serve(strength: Strength, areas: Iterable[str]) -> None:
    for area in areas:
        db.session.add(StrengthArea(coalition_id=strength.coalition_id, strength_id=strength.id, area=area))


def free_number(coalition_id: int) -> int:
    """Returns the number of the next need, skipping those in the trash; the caller locks the coalition."""
    return snapshots.free_number(coalition_id, Need)


def create_need(
    membership: Membership,
    *,
    title: str,
    area: str = "",
    details: str = "",
    round_: Round | None = None,
    indicator: str = "",
    stated_gap: int | None = None,
    importance: float | None = None,
    feasibility: float | None = None,
) -> Need:
    """Makes a need from an indicator of a closed round, or by hand with its gap of 1 to 4.

    If the same indicator of a round already has a need, that one is returned. Raises WrongState if the round
    is open, because it has no results yet.
    """
    lock(membership.coalition_id)
    if round_ is not None:
        if round_.closed_at is None:
            raise WrongState(_("This round is open. Its gaps are known once it is closed."))
        if (found := queries.need_of_indicator(membership, round_.id, indicator)) is not None:
            return found
    need = Need(
        coalition_id=membership.coalition_id,
        number=free_number(membership.coalition_id),
        title=title,
        area=area,
        details=details,
        round_id=round_.id if round_ is not None else None,
        indicator=indicator,
        stated_gap=stated_gap,
        importance=importance,
        feasibility=feasibility,
        rating_source=RatingSource.HAND if importance is not None else None,
        rated_on=clock.today(membership.coalition.time_zone) if importance is not None else None,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    return history.add(membership, need, "chosen")


def rate(
    need: Need,
    importance: float,
    feasibility: float,
    source: RatingSource,
    on: date,
    actor: Membership | None = None,
) -> None:
    """Sets how important and how feasible a need is, 1 to 5; a vote's medians may be halves.

    A vote replaces an earlier rating. Raises WrongState for a rating by hand if a vote has set one.
    """
    if source is RatingSource.HAND and need.rating_source is RatingSource.VOTE:
        assert need.rated_on is not None  # always set together with `rating_source`
        raise WrongState(
            _(
                "A vote set these on %(day)s. Only the next vote can change them.",
                day=long_day(need.rated_on),
            )
        )
    history.note(actor, need, "importance", old=need.importance, new=importance)
    history.note(actor, need, "feasibility", old=need.feasibility, new=feasibility)
    need.importance, need.feasibility = importance, feasibility
    need.rating_source, need.rated_on = source, on
    if source is RatingSource.VOTE:
        need.version += 1  # a new version, so that a form opened earlier cannot overwrite this


def match(
    membership: Membership,
    need: Need,
    strength: Strength,
    *,
    how: str = "",
    ask: Membership | None = None,
    ask_words: str = "",
) -> Match:
    """Matches a need and a strength that is still to be asked for; matching them again returns the existing match."""
    lock(membership.coalition_id)
    found = db.session.scalar(
        sa.select(Match).where(
            Match.coalition_id == membership.coalition_id,
            Match.need_id == need.id,
            Match.strength_id == strength.id,
        )
    )
    if found is not None:
        return found
    made = Match(
        coalition_id=membership.coalition_id,
        need_id=need.id,
        strength_id=strength.id,
        how=how,
        ask_id=ask.id if ask is not None else None,
        ask=ask_words,
        state=MatchState.TO_ASK,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    history.add(membership, made, "tied")
    if (day := need.no_strength_on) is not None:
        # The coalition once found no strength for this need and now has found one.
        history.note(membership, need, "no_strength_on", old=day)
        need.no_strength_on = None
    return made
