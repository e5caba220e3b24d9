"""Tables of feedback: what is asked about an event, and what people answered until it closes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from engage.assessment.rules import QuestionKind
from engage.columns import CODE, Search, opens, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.plan.feedback.rules import AskedWhen, Moment
from engage.tokens import new_hash, new_token


def _option() -> MappedColumn[str]:
    return written(_l("Answer"), Search.NO, longest=120, default="")


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
    nonce: Mapped[str] = mapped_column(sa.String(43), info=opens(new_token))
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    # An option that fewer people chose is withheld; `rules.shown_from` says how many have to answer a
    # question. The number is set when people are first asked.
    k: Mapped[int] = mapped_column(default=3)
    # People were first asked at this moment; questions change only while it is empty.
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("feedback_asked", "activity_id opened_at closed_at")
    )
    closed_at: Mapped[datetime | None]
    # These are the results, before and after the event, since closing; the answers themselves are deleted
    # then.
    told: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON, info=CODE)


class FeedbackQuestion(Tenant, Base):
    """One question with its options. Its number identifies it in answers."""

    __tablename__ = "plan_feedback_question"
    __label__ = _l("Feedback question")
    __table_args__ = (
        within("feedback_id", "plan_feedback", "CASCADE"),
        sa.UniqueConstraint("feedback_id", "number"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    feedback_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = written(_l("Question"), Search.NO, longest=300)
    kind: Mapped[QuestionKind]
    asked: Mapped[AskedWhen]
    option_1: Mapped[str] = _option()
    option_2: Mapped[str] = _option()
    option_3: Mapped[str] = _option()
    option_4: Mapped[str] = _option()
    option_5: Mapped[str] = _option()
    option_6: Mapped[str] = _option()
    option_7: Mapped[str] = _option()
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
    key_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    answers: Mapped[dict[str, object]] = mapped_column(sa.JSON, info=CODE)
