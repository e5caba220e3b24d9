"""Tables of the plan of action: plans, goals, objectives, actions and their updates."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.rules import ComesUp
from engage.columns import CODE, Search, copies, own_data, written
from engage.database import Base, Tenant, tenant_key, unique_while, within
from engage.i18n import lazy_gettext as _l
from engage.plan.rules import ActionStatus, PlanStatus


def _at_most_one(status: str) -> sa.Index:
    return unique_while(f"status = '{status}'", f"uq_plan_plan_{status}", "coalition_id")


class Plan(Tenant, Base):
    """A plan with its period. At most one is adopted (the current plan) and one a draft."""

    __tablename__ = "plan_plan"
    __label__ = _l("Plan")
    __table_args__ = (
        tenant_key(),
        within("meeting_id", "meetings_meeting"),
        _at_most_one("draft"),
        _at_most_one("adopted"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name="period",
        ),
    )

    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=120)
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.DRAFT)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    adopted_on: Mapped[date | None]
    # These say at which meeting the plan was adopted: a recorded one, or one described in a few words.
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    adopted_at_meeting: Mapped[str] = written(_l("Adopted at"), Search.NO, longest=120, default="")
    # These are the goals, objectives and actions as they were when the plan was adopted. They are loaded only
    # for a comparison.
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON, deferred=True, info=copies())
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Goal(Tenant, Base):
    """A change that the coalition wants to achieve, in one focus area."""

    __tablename__ = "plan_goal"
    __label__ = _l("Goal")
    __table_args__ = (
        tenant_key(),
        within("plan_id", "plan_plan"),
        within("group_id", "coalitions_group"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    plan_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=300)
    why: Mapped[str] = written(_l("Why"), Search.EVERYONE, default="")
    # This is a focus area's key from the content; it is empty if the goal spans several.
    area: Mapped[str] = mapped_column(sa.String(40), default="", info=CODE)
    # This group works toward the goal: the core team or a workgroup.
    group_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class GoalNeed(Tenant, Base):
    """A need that a goal answers."""

    __tablename__ = "plan_goal_need"
    __table_args__ = (
        within("goal_id", "plan_goal", "CASCADE"),
        within("need_id", "strengths_need", "CASCADE"),
        sa.UniqueConstraint("goal_id", "need_id"),
    )

    goal_id: Mapped[int] = mapped_column(index=True)
    need_id: Mapped[int] = mapped_column(index=True)


class Objective(Tenant, Base):
    """A 12-month, measurable step toward a goal."""

    __tablename__ = "plan_objective"
    __label__ = _l("Objective")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "goal_id", "id"),
        within("goal_id", "plan_goal"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    goal_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=300)
    # This says in words how people will know that the objective is reached: "places for boys within a day, 0
    # to 6".
    measure: Mapped[str] = written(_l("Measure"), Search.EVERYONE, longest=300, default="")
    due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Action(Tenant, Base):
    """A piece of work: what is done, who does it, and by when. Actions are numbered within a coalition."""

    __tablename__ = "plan_action"
    __label__ = _l("Action")
    comes_up = (ComesUp.CALENDAR, ComesUp.REPORTS, ComesUp.EVENING_IS_PAST)
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "number"),
        within("plan_id", "plan_plan"),
        within("goal_id", "plan_goal"),
        within("owner_id", "coalitions_membership"),
        within("group_id", "coalitions_group"),
        within("organization_id", "partners_organization"),
        within("created_by_id", "coalitions_membership"),
        within("item_id", "checklist_item"),
        within("round_id", "assessment_round"),
        within("need_id", "strengths_need"),
        within("decision_id", "meetings_decision"),
        within("agenda_item_id", "meetings_agenda_item"),
        within("repeat_id", "plan_repeat"),
        # A series has only one action for each date, even if two requests make one at the same time.
        sa.UniqueConstraint("repeat_id", "repeat_on"),
        # An action with a match must have the match's need.
        sa.ForeignKeyConstraint(
            ["coalition_id", "need_id", "match_id"],
            ["strengths_match.coalition_id", "strengths_match.need_id", "strengths_match.id"],
            ondelete="RESTRICT",
        ),
        # An action's objective must belong to the action's goal.
        sa.ForeignKeyConstraint(
            ["coalition_id", "goal_id", "objective_id"],
            [
                "plan_objective.coalition_id",
                "plan_objective.goal_id",
                "plan_objective.id",
            ],
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("objective_id IS NULL OR goal_id IS NOT NULL", name="objective_in_goal"),
        sa.CheckConstraint("due_on IS NULL OR start_on IS NULL OR due_on >= start_on", name="dates"),
        # The day may be unknown if an import brought the action as done; the action then counts in no period.
        sa.CheckConstraint("done_on IS NULL OR status = 'done'", name="done_has_date"),
        sa.CheckConstraint("(round_id IS NULL) = (indicator = '')", name="indicator_of_round"),
        sa.CheckConstraint("match_id IS NULL OR need_id IS NOT NULL", name="match_of_need"),
        sa.CheckConstraint("(repeat_id IS NULL) = (repeat_on IS NULL)", name="date_of_repeat"),
        # This index has all columns that Home counts.
        sa.Index("ix_plan_action_plan_status", "plan_id", "status", "due_on", "owner_id"),
        # This index has all columns that the plan counts for its goals and objectives, and sorts its list by.
        sa.Index(
            "ix_plan_action_plan_counts",
            "plan_id",
            "coalition_id",
            "goal_id",
            "objective_id",
            "status",
            "due_on",
            "owner_id",
            "number",
        ),
        # This index has all columns that reports read to count what was done between two days.
        sa.Index("ix_plan_action_done", "coalition_id", "status", "done_on", "goal_id", "need_id"),
        sa.Index("ix_plan_action_created", "coalition_id", "created_at"),
    )

    number: Mapped[int]
    plan_id: Mapped[int]
    goal_id: Mapped[int | None] = mapped_column(index=True)
    objective_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=300, of="owner_id created_by_id")
    details: Mapped[str] = written(_l("Details"), Search.MEMBERS, of="created_by_id", default="")
    owner_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("actions_led", "number status due_on")
    )
    # This group (the core team or a workgroup) does the action; the group's lead may then delete it.
    group_id: Mapped[int | None] = mapped_column(index=True)
    # This organization is the partner in the action.
    organization_id: Mapped[int | None] = mapped_column(index=True)
    start_on: Mapped[date | None]
    due_on: Mapped[date | None]
    status: Mapped[ActionStatus] = mapped_column(default=ActionStatus.NOT_STARTED)
    # This says what help is needed (stuck), or why the action is no longer needed or open again.
    reason: Mapped[str] = written(_l("Reason"), Search.MEMBERS, default="")
    done_on: Mapped[date | None]
    resources_had: Mapped[str] = written(_l("Resources had"), Search.MEMBERS, default="")
    resources_needed: Mapped[str] = written(_l("Resources needed"), Search.MEMBERS, default="")
    barriers: Mapped[str] = written(_l("Barriers"), Search.MEMBERS, default="")
    inform: Mapped[str] = written(_l("People to inform"), Search.MEMBERS, default="")
    # These are the need that the action answers, and the match that it follows from.
    need_id: Mapped[int | None] = mapped_column(index=True)
    match_id: Mapped[int | None] = mapped_column(index=True)
    # These say where the action came from: a decision or a line of a meeting's agenda, an item of a tip, or
    # an indicator of a round.
    decision_id: Mapped[int | None] = mapped_column(index=True)
    agenda_item_id: Mapped[int | None] = mapped_column(index=True)
    item_id: Mapped[int | None] = mapped_column(index=True)
    round_id: Mapped[int | None] = mapped_column(index=True)
    indicator: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    # These are the action's series, and the date in the series for which it was made; `due_on` may have been
    # moved away from that date.
    repeat_id: Mapped[int | None]
    repeat_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("actions_written", "number created_at")
    )
    # The status last changed or an update was added at this moment; the review of inactive actions uses this.
    moved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ActionNote(Tenant, Base):
    """The note of the toolkit from which an action was made; the row is deleted with either of them."""

    __tablename__ = "plan_action_note"
    __table_args__ = (
        within("action_id", "plan_action", "CASCADE"),
        within("note_id", "toolkit_note", "CASCADE"),
        sa.UniqueConstraint("action_id"),
        sa.UniqueConstraint("note_id"),
    )

    action_id: Mapped[int]
    note_id: Mapped[int]


class ActionAgreement(Tenant, Base):
    """An action that an agreement with an organization asks for; the row is deleted with either of them."""

    __tablename__ = "plan_action_agreement"
    __table_args__ = (
        within("action_id", "plan_action", "CASCADE"),
        within("agreement_id", "partners_agreement", "CASCADE"),
        sa.UniqueConstraint("action_id", "agreement_id"),
    )

    action_id: Mapped[int] = mapped_column(index=True)
    agreement_id: Mapped[int] = mapped_column(index=True)
    # The action renews the agreement for this end.
    renews_end_on: Mapped[date | None]


class ActionHelper(Tenant, Base):
    """A person who helps with an action."""

    __tablename__ = "plan_action_helper"
    __table_args__ = (
        within("action_id", "plan_action", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.UniqueConstraint("action_id", "membership_id"),
    )

    action_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True, info=own_data("actions_helped", "action_id"))


class Update(Tenant, Base):
    """A dated line on an action's progress."""

    __tablename__ = "plan_update"
    __label__ = _l("Update")
    __table_args__ = (
        within("action_id", "plan_action", "CASCADE"),
        within("author_id", "coalitions_membership"),
        sa.CheckConstraint("text <> ''", name="text"),
        # Home reads the few updates that came by mail.
        sa.Index("ix_plan_update_by_mail", "coalition_id", "is_by_mail", "written_at"),
    )

    action_id: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("updates", "action_id written_at is_by_mail")
    )
    written_at: Mapped[datetime]
    text: Mapped[str] = written(_l("Text"), Search.MEMBERS, of="author_id")
    # Whether the person pressed a link in a mail, without signing in.
    is_by_mail: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


OTHER_HAS_WORDS = "why <> 'other' OR reason <> ''"
