"""Tables of strengths and needs: what people can offer, what is missing, and matches.

`votes.models` has the tables of votes on needs.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.rules import ComesUp
from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext
from engage.strengths.rules import MatchState, RatingSource, StrengthKind


class Strength(Tenant, Base):
    """An asset with its giver, in the giver's words. Without a giver it is the community's."""

    __tablename__ = "strengths_strength"
    __label__ = _l("Strength")
    comes_up = (ComesUp.STRENGTHS,)
    __table_args__ = (
        tenant_key(),
        within("giver_id", "coalitions_membership"),
        within("organization_id", "partners_organization"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=300, of="giver_id created_by_id")
    # The kind is None until someone sets it, because members offer things in their own words.
    kind: Mapped[StrengthKind | None]
    giver_id: Mapped[int | None] = mapped_column(index=True, info=own_data("strengths_offered", "kind"))
    organization_id: Mapped[int | None] = mapped_column(index=True)
    # This is an indicator's key, if the strength answers an indicator's question.
    indicator: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    # This says when and how much is offered, and for whom not.
    limits: Mapped[str] = written(_l("Limits"), Search.MEMBERS, of="giver_id", default="")
    # On this day the strength was withdrawn; it is kept because something depends on it.
    withdrawn_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("strengths_written", "created_at")
    )
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
    area: Mapped[str] = mapped_column(sa.String(60), info=CODE)


class Need(Tenant, Base):
    """A gap chosen to work on: from an indicator of a round, or by hand. Needs are numbered per coalition."""

    __tablename__ = "strengths_need"
    __label__ = _l("Need")
    comes_up = (ComesUp.STRENGTHS,)
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "number"),
        # A gap has only one need, even if a person clicks on it twice.
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
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=300, of="created_by_id")
    details: Mapped[str] = written(_l("Details"), Search.MEMBERS, of="created_by_id", default="")
    # This is a focus area's key; it is empty for a need that spans several.
    area: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    round_id: Mapped[int | None] = mapped_column(index=True)
    indicator: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    # This is the gap, 1 to 4, of a need added by hand; for others the gap is 4 minus what the round shows for
    # the indicator.
    stated_gap: Mapped[int | None]
    # These ratings are 1 to 5; after a vote one may be a half, as the median of two middle ratings.
    importance: Mapped[float | None]
    feasibility: Mapped[float | None]
    rating_source: Mapped[RatingSource | None]
    rated_on: Mapped[date | None]
    # On this day the coalition looked for a strength that could meet the need and found none.
    no_strength_on: Mapped[date | None]
    # These say when the need was closed because it no longer is one, and why.
    closed_on: Mapped[date | None]
    closed_reason: Mapped[str] = written(_l("Why it was closed"), Search.MEMBERS, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("needs_written", "number created_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class Match(Tenant, Base):
    """A match of a need and a strength, with how it is used and who is asked."""

    __tablename__ = "strengths_match"
    __label__ = lazy_pgettext("need and strength", "Match")
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
    how: Mapped[str] = written(_l("How"), Search.NO, of="created_by_id", default="")
    # The person to ask is one of the coalition's people, or described in words.
    ask_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("to_be_asked", "need_id state asked_on")
    )
    ask: Mapped[str] = written(_l("Person to ask"), Search.NO, longest=200, default="")
    state: Mapped[MatchState] = mapped_column(default=MatchState.TO_ASK)
    asked_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("matches_made", "need_id created_at")
    )
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
