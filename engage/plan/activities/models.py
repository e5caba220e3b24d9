"""Tables of activities: what is planned or was held, for whom and with whom."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.rules import ComesUp
from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.plan.activities.rules import ActivityKind, ActivityState


class Activity(Tenant, Base):
    """Something the coalition plans or did, with how many people and hours. It holds counts, never names."""

    __tablename__ = "plan_activity"
    __label__ = _l("Activity")
    comes_up = (ComesUp.CALENDAR, ComesUp.REPORTS)
    __table_args__ = (
        tenant_key(),
        within("goal_id", "plan_goal"),
        within("objective_id", "plan_objective"),
        within("action_id", "plan_action"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("reached IS NULL OR reached >= 0", name="reached"),
        sa.CheckConstraint("hours IS NULL OR hours >= 0", name="hours"),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),
        sa.CheckConstraint("materials IS NULL OR materials >= 0", name="materials"),
        # An action already implies its goal, and so does an objective.
        sa.CheckConstraint("goal_id IS NULL OR action_id IS NULL", name="goal_or_action"),
        sa.CheckConstraint(
            "objective_id IS NULL OR (goal_id IS NULL AND action_id IS NULL)", name="objective_alone"
        ),
        sa.Index("ix_plan_activity_happened", "coalition_id", "happened_on"),
    )

    kind: Mapped[ActivityKind]
    state: Mapped[ActivityState] = mapped_column(
        default=ActivityState.HELD, server_default=ActivityState.HELD.value
    )
    # This is the day on which the activity was held, or for which it is planned.
    happened_on: Mapped[date]
    # This is the start, if the activity has a time of day; pages show it in the coalition's time zone.
    starts_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=200, of="created_by_id")
    place: Mapped[str] = written(_l("Place"), Search.MEMBERS, longest=200, default="", server_default="")
    link: Mapped[str] = written(
        _l("Link"), Search.NO, longest=300, address=True, default="", server_default=""
    )
    # These notes say what everyone who comes should know or bring.
    about: Mapped[str] = written(_l("Text"), Search.MEMBERS, default="", server_default="")
    # Anyone may come, and strangers may see the title, day, time and place.
    is_open: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    county: Mapped[str] = written(_l("County"), Search.MEMBERS, longest=80, default="", server_default="")
    language: Mapped[str] = written(_l("Language"), Search.NO, longest=80, default="", server_default="")
    presenters: Mapped[str] = written(
        _l("Presenters"), Search.MEMBERS, longest=300, default="", server_default=""
    )
    reached: Mapped[int | None]
    # This is the sum of the hours of everyone who prepared and ran it.
    hours: Mapped[float | None]
    # This many flyers, cards and the like were handed out.
    materials: Mapped[int | None]
    goal_id: Mapped[int | None] = mapped_column(index=True)
    objective_id: Mapped[int | None] = mapped_column(index=True)
    action_id: Mapped[int | None] = mapped_column(index=True)
    # The time or the place last changed at this moment; people who had signed up are told.
    time_changed_at: Mapped[datetime | None]
    place_changed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("activities", "kind state happened_on created_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class ActivityAudience(Tenant, Base):
    """The audience of an activity: a discipline's key from the content. No row means several, or the public.

    Without `people`, the people of an activity's only audience are all that it reached.
    """

    __tablename__ = "plan_activity_audience"
    __table_args__ = (
        within("activity_id", "plan_activity", "CASCADE"),
        sa.UniqueConstraint("activity_id", "discipline"),
        sa.CheckConstraint("discipline <> ''", name="discipline"),
        sa.CheckConstraint("people IS NULL OR people >= 0", name="people"),
    )

    activity_id: Mapped[int] = mapped_column(index=True)
    discipline: Mapped[str] = mapped_column(sa.String(40), info=CODE)
    people: Mapped[int | None]


class ActivityPartner(Tenant, Base):
    """An organization that an activity was planned or held with."""

    __tablename__ = "plan_activity_partner"
    __table_args__ = (
        within("activity_id", "plan_activity", "CASCADE"),
        # After a merge of organizations, two rows may name the same organization.
        within("organization_id", "partners_organization", "CASCADE"),
    )

    activity_id: Mapped[int] = mapped_column(index=True)
    organization_id: Mapped[int] = mapped_column(index=True)


class ActivityHours(Tenant, Base):
    """After a merge of organizations, two rows may name the same organization."""

    __tablename__ = "plan_activity_hours"
    __table_args__ = (
        within("activity_id", "plan_activity", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.UniqueConstraint("activity_id", "membership_id"),
        sa.CheckConstraint("hours > 0", name="hours"),
    )

    activity_id: Mapped[int]
    membership_id: Mapped[int] = mapped_column(index=True, info=own_data("hours_given", "activity_id hours"))
    hours: Mapped[float]
