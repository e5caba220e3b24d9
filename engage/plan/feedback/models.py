"""Tables of feedback: what is asked about an event, and what people answered until it closes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.assessment.rules import QuestionKind
from engage.database import Base, Tenant, tenant_key, within
from engage.plan.feedback.rules import AskedWhen, Moment


class Feedback(Tenant, Base):
    """The questions about one event. Only its link's hash is stored; closing is final."""

    __tablename__ = "plan_feedback"
    __table_args__ = (
        tenant_key(),
        within("activity_id", "plan_activity", "CASCADE"),
        within("opened_by_id", "coalitions_membership"),
        sa.UniqueConstraint("activity_id"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed"),
    )

    activity_id: Mapped[int]
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    # No number is shown for fewer people than this; it is set when people are first asked.
    k: Mapped[int] = mapped_column(default=3)
    # Questions change only while this is empty.
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    # These are the results by moment since closing, when the answers themselves are deleted.
    told: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)


class FeedbackQuestion(Tenant, Base):
    """One question with its options. Its number identifies it in answers."""

    __tablename__ = "plan_feedback_question"
    __table_args__ = (
        within("feedback_id", "plan_feedback", "CASCADE"),
        sa.UniqueConstraint("feedback_id", "number"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    feedback_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(300))
    kind: Mapped[QuestionKind]
    asked: Mapped[AskedWhen]
    option_1: Mapped[str] = mapped_column(sa.String(120), default="")
    option_2: Mapped[str] = mapped_column(sa.String(120), default="")
    option_3: Mapped[str] = mapped_column(sa.String(120), default="")
    option_4: Mapped[str] = mapped_column(sa.String(120), default="")
    option_5: Mapped[str] = mapped_column(sa.String(120), default="")
    option_6: Mapped[str] = mapped_column(sa.String(120), default="")
    option_7: Mapped[str] = mapped_column(sa.String(120), default="")
    version: Mapped[int] = mapped_column(default=1)


class FeedbackResponse(Tenant, Base):
    """What one browser answered before or after the event, without a name and a time.

    Its number is random, so that the rows are in no order, and its hash differs for before and after.
    """

    __tablename__ = "plan_feedback_response"
    __table_args__ = (
        within("feedback_id", "plan_feedback", "CASCADE"),
        sa.UniqueConstraint("feedback_id", "moment", "key_hash"),
    )

    feedback_id: Mapped[int]
    moment: Mapped[Moment]
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
