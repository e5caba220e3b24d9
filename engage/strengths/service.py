"""Writes strengths, needs and matches: offering, choosing what to work on, and matching the two."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history, kept
from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.dates import long_day
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.kept import KeptCopy, KeptFor
from engage.partners.models import Organization
from engage.strengths import queries
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState, RatingSource, StrengthKind
from engage.versions import claim_version

# The trash stores the numbers of needs under this key.
NEED_NUMBERS = "need_numbers"
# History keeps the old and new values of these fields. For other fields it only notes that they changed.
_KEPT = frozenset({"stated_gap", "kind", "giver_id", "organization_id"})


def offer(giver: Membership, title: str) -> Strength:
    """Adds a person's offer in their own words; the same words again give the same row, even after withdrawing it."""
    for strength in queries.ever_offered_by(giver):
        if strength.title.casefold() == title.casefold():
            if strength.withdrawn_on is not None:
                offer_again(strength, giver)
            return strength
    strength = add_strength(giver, title=title, giver=giver)
    history.record(giver.coalition_id, giver.id, Strength.__tablename__, strength.id, "offered")
    return strength


def withdraw(strength: Strength, actor: Membership) -> KeptCopy | None:
    """Withdraws the offer. It goes to the trash, unless something depends on it; then it stays, marked as withdrawn."""
    history.record(strength.coalition_id, actor.id, Strength.__tablename__, strength.id, "withdrawn")
    lock(strength.coalition_id)
    try:
        return trash_service.put(actor, strength)
    except Held:
        strength.withdrawn_on = clock.today(actor.coalition.time_zone)
        strength.version += 1
        return None


def withdrawn_by(giver: Membership, copy_id: int) -> KeptCopy | None:
    """Returns the copy of this person's own offer that they withdrew, even if the copy was already used."""
    copy = kept.copy_of(giver.coalition_id, copy_id)
    if copy is None or (copy.kept_for, copy.thing) != (KeptFor.TRASH, Strength.__tablename__):
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
    """Puts it back on offer. Raises WrongState if it is on offer."""
    if strength.withdrawn_on is None:
        raise WrongState(_("This is already available."))
    history.record(strength.coalition_id, actor.id, Strength.__tablename__, strength.id, "offered")
    strength.withdrawn_on = None
    strength.version += 1


def may_withdraw(membership: Membership, strength: Strength) -> bool:
    """Returns whether this person may withdraw it: what they offer or added, and coordinators any."""
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
    claim_version(strength, version)
    for field, value in values.items():
        set_field(membership, strength, field, value)
    before, after = set(queries.areas_of(strength)), set(areas)
    if before == after:
        return
    of_it = (
        StrengthArea.coalition_id == strength.coalition_id,
        StrengthArea.strength_id == strength.id,
    )
    db.session.execute(sa.delete(StrengthArea).where(*of_it, StrengthArea.area.not_in(after)))
    _serve(strength, sorted(after - before))
    history.record(strength.coalition_id, membership.id, Strength.__tablename__, strength.id, "areas")


def _serve(strength: Strength, areas: Iterable[str]) -> None:
    for area in areas:
        db.session.add(StrengthArea(coalition_id=strength.coalition_id, strength_id=strength.id, area=area))


def free_number(coalition_id: int) -> int:
    """Returns the number of the next need, skipping those in the trash; the caller locks the coalition."""
    return kept.free_number(coalition_id, Need)


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
    db.session.add(need)
    db.session.flush()
    history.record(membership.coalition_id, membership.id, Need.__tablename__, need.id, "chosen")
    return need


def set_field(membership: Membership, row: Need | Strength, field: str, value: object) -> None:
    """Sets the value, and notes it in history if it changed."""
    old = getattr(row, field)
    if old == value:
        return
    kept: dict[str, Value] = {"old": old, "new": value} if field in _KEPT else {}  # type: ignore[dict-item]
    history.record(row.coalition_id, membership.id, row.__tablename__, row.id, field, **kept)
    setattr(row, field, value)


def rate(
    need: Need,
    importance: float,
    feasibility: float,
    source: RatingSource,
    on: date,
    actor: Membership | None = None,
) -> None:
    """Sets how important and how feasible it is, 1 to 5; a vote's medians may be halves.

    A vote replaces an earlier rating. Raises WrongState for a rating by hand if a vote has set it.
    """
    if source is RatingSource.HAND and need.rating_source is RatingSource.VOTE:
        assert need.rated_on is not None  # set together with its source
        raise WrongState(
            _(
                "A vote set these on %(day)s. Only the next vote can change them.",
                day=long_day(need.rated_on),
            )
        )
    record = (need.coalition_id, actor.id if actor is not None else None, Need.__tablename__, need.id)
    history.record(*record, "importance", old=need.importance, new=importance)
    history.record(*record, "feasibility", old=need.feasibility, new=feasibility)
    need.importance, need.feasibility = importance, feasibility
    need.rating_source, need.rated_on = source, on
    if source is RatingSource.VOTE:
        need.version += 1  # so that a form that was opened before cannot overwrite the vote's result


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
    db.session.add(made)
    db.session.flush()
    history.record(membership.coalition_id, membership.id, Match.__tablename__, made.id, "tied")
    if (day := need.no_strength_on) is not None:
        # The coalition looked again, and found one.
        history.record(
            need.coalition_id, membership.id, Need.__tablename__, need.id, "no_strength_on", old=day
        )
        need.no_strength_on = None
    return made
