"""Tables of strengths and needs: what somebody can offer, what is missing, and the two tied together.

Votes on needs: `vote_models`."""

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
    # None until somebody says it: what members offer in their words has no kind yet.
    kind: Mapped[StrengthKind | None]
    giver_id: Mapped[int | None] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    # An indicator's key where it answers one.
    indicator: Mapped[str] = mapped_column(sa.String(60), default="")
    # When, how much, for whom not.
    limits: Mapped[str] = mapped_column(sa.Text, default="")
    # No longer on offer; kept because something was built on it.
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
    """A gap chosen to work on: from an indicator of a round, or by hand. Numbered per coalition."""

    __tablename__ = "strengths_need"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "number"),
        # One click twice on the same gap is one need.
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
    # A focus area's key; empty where it spans several.
    area: Mapped[str] = mapped_column(sa.String(60), default="")
    round_id: Mapped[int | None] = mapped_column(index=True)
    indicator: Mapped[str] = mapped_column(sa.String(60), default="")
    # 1 to 4, for a need by hand; otherwise the gap is 4 minus what the round shows for the indicator.
    stated_gap: Mapped[int | None]
    # 1 to 5; a vote's median of two middle ones may be a half.
    importance: Mapped[float | None]
    feasibility: Mapped[float | None]
    rating_source: Mapped[RatingSource | None]
    rated_on: Mapped[date | None]
    # The day on which the coalition looked and found no strength that could meet it.
    no_strength_on: Mapped[date | None]
    # No longer a need, and why.
    closed_on: Mapped[date | None]
    closed_reason: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Match(Tenant, Base):
    """A need and a strength tied together, with how, and whom to ask."""

    __tablename__ = "strengths_match"
    __table_args__ = (
        tenant_key(),
        # An action that follows from a match answers the match's need.
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
    # Whom to ask: somebody of the coalition, or in words.
    ask_id: Mapped[int | None] = mapped_column(index=True)
    ask: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[MatchState] = mapped_column(default=MatchState.TO_ASK)
    asked_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class AgreementNeed(Tenant, Base):
    """A need that an agreement with an organization serves; gone with either of them."""

    __tablename__ = "strengths_agreement_need"
    __table_args__ = (
        within("agreement_id", "partners_agreement", "CASCADE"),
        within("need_id", "strengths_need", "CASCADE"),
        sa.UniqueConstraint("agreement_id", "need_id"),
    )

    agreement_id: Mapped[int] = mapped_column(index=True)
    need_id: Mapped[int] = mapped_column(index=True)
