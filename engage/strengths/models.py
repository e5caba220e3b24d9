"""Tables of strengths and needs: what people can offer, what is missing, and matches.

`votes.models` has the tables of votes on needs.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within
from engage.strengths.rules import MatchState, RatingSource, StrengthKind


class Strength(Tenant, Base):
    """An asset with its giver, in the giver's words. Without a giver it is the community's."""

    __tablename__ = "strengths_strength"
    __table_args__ = (
        tenant_key(),
        within("giver_id", "coalitions_membership"),
        within("organization_id", "partners_organization"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = mapped_column(sa.String(300))
    # This is None until someone sets it, because members offer things in their own words.
    kind: Mapped[StrengthKind | None]
    giver_id: Mapped[int | None] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    # This is an indicator's key if the strength answers one.
    indicator: Mapped[str] = mapped_column(sa.String(60), default="")
    # This says when, how much, and for whom it is not.
    limits: Mapped[str] = mapped_column(sa.Text, default="")
    # If this is set, it is no longer on offer, but kept because something depended on it.
    withdrawn_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class StrengthArea(Tenant, Base):
    """A focus area that a strength serves, by its key."""

    __tablename__ = "strengths_strength_area"
    __table_args__ = (
        within("strength_id", "strengths_strength", "CASCADE"),
        sa.UniqueConstraint("strength_id", "area"),
        sa.CheckConstraint("area <> ''", name="area"),
    )

    strength_id: Mapped[int] = mapped_column(index=True)
    area: Mapped[str] = mapped_column(sa.String(60))


class Need(Tenant, Base):
    """A gap chosen to work on: from an indicator of a round, or by hand. Needs are numbered per coalition."""

    __tablename__ = "strengths_need"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "number"),
        # This makes one need even if a person clicks twice on the same gap.
        sa.UniqueConstraint("round_id", "indicator"),
        within("round_id", "assessment_round"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("(round_id IS NULL) = (indicator = '')", name="indicator_of_round"),
        sa.CheckConstraint("(round_id IS NULL) = (stated_gap IS NOT NULL)", name="gap_by_hand"),
        sa.CheckConstraint("stated_gap IS NULL OR (stated_gap >= 1 AND stated_gap <= 4)", name="stated_gap"),
        sa.CheckConstraint("importance IS NULL OR (importance >= 1 AND importance <= 5)", name="importance"),
        sa.CheckConstraint(
            "feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)", name="feasibility"
        ),
        sa.CheckConstraint("(importance IS NULL) = (feasibility IS NULL)", name="rated_whole"),
        sa.CheckConstraint("(importance IS NULL) = (rating_source IS NULL)", name="rating_has_source"),
        sa.CheckConstraint("(importance IS NULL) = (rated_on IS NULL)", name="rating_has_date"),
    )

    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    details: Mapped[str] = mapped_column(sa.Text, default="")
    # This is a focus area's key; it is empty if the need spans several.
    area: Mapped[str] = mapped_column(sa.String(60), default="")
    round_id: Mapped[int | None] = mapped_column(index=True)
    indicator: Mapped[str] = mapped_column(sa.String(60), default="")
    # It is 1 to 4 for a need added by hand; for others the gap is 4 minus what the round shows for the indicator.
    stated_gap: Mapped[int | None]
    # It is 1 to 5; after a vote it may be a half, as the median of two middle ratings.
    importance: Mapped[float | None]
    feasibility: Mapped[float | None]
    rating_source: Mapped[RatingSource | None]
    rated_on: Mapped[date | None]
    # On this day the coalition looked and found no strength that could meet it.
    no_strength_on: Mapped[date | None]
    # These say when it was closed as no longer a need, and why.
    closed_on: Mapped[date | None]
    closed_reason: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Match(Tenant, Base):
    """A match of a need and a strength, with how it is used and who is asked."""

    __tablename__ = "strengths_match"
    __table_args__ = (
        tenant_key(),
        # An action with a match must have the match's need.
        sa.UniqueConstraint("coalition_id", "need_id", "id"),
        sa.UniqueConstraint("need_id", "strength_id"),
        within("need_id", "strengths_need", "CASCADE"),
        within("strength_id", "strengths_strength"),
        within("ask_id", "coalitions_membership"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("state <> 'to_ask' OR asked_on IS NULL", name="asked_has_date"),
    )

    need_id: Mapped[int] = mapped_column(index=True)
    strength_id: Mapped[int] = mapped_column(index=True)
    how: Mapped[str] = mapped_column(sa.Text, default="")
    # This is whom to ask: one of the coalition's people, or words.
    ask_id: Mapped[int | None] = mapped_column(index=True)
    ask: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[MatchState] = mapped_column(default=MatchState.TO_ASK)
    asked_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class AgreementNeed(Tenant, Base):
    """A need that an agreement with an organization serves; the link is deleted with either of them."""

    __tablename__ = "strengths_agreement_need"
    __table_args__ = (
        within("agreement_id", "partners_agreement", "CASCADE"),
        within("need_id", "strengths_need", "CASCADE"),
        sa.UniqueConstraint("agreement_id", "need_id"),
    )

    agreement_id: Mapped[int] = mapped_column(index=True)
    need_id: Mapped[int] = mapped_column(index=True)
