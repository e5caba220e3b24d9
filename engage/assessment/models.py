"""Tables of the community assessment: rounds, participants, responses, answers, releases, agreed values."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.assessment.rules import AnswerKind, Asked, DoorKind
from engage.content.model import GROUPING
from engage.database import Base, Tenant, tenant_key, unique_while, within

_TAKES_ANSWERS = "closed_at IS NULL OR reopened_at IS NOT NULL"


class Round(Tenant, Base):
    """One dated run of the assessment with a frozen copy of its questions."""

    __tablename__ = "assessment_round"
    __table_args__ = (
        tenant_key(),
        within("opened_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("k >= 3 AND k <= 20", name="k"),
        # One round takes answers at a time, so that no one wonders which one is meant.
        unique_while(_TAKES_ANSWERS, "uq_assessment_round_open", "coalition_id"),
        sa.CheckConstraint("reopened_at IS NULL OR closed_at IS NOT NULL", name="reopened_after_closing"),
    )

    title: Mapped[str] = mapped_column(sa.String(120))
    # This is the smallest group that is ever shown.
    k: Mapped[int] = mapped_column(default=3)
    # It holds {"format": 3, "language": "en", "areas": [...]}, the texts as respondents saw them.
    questions: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(index=True)
    # This is the last day for answers; they are taken until a coordinator closes the round.
    closes_on: Mapped[date | None]
    # This is the last closing. It stays while the round takes answers again, because its results can still be read.
    closed_at: Mapped[datetime | None]
    # Since then the round takes answers again; it is empty once the round is closed again.
    reopened_at: Mapped[datetime | None]
    asked: Mapped[Asked] = mapped_column(default=Asked.EVERYONE)
    # This says whether closing also counts who answered everything without submitting. Respondents were told so
    # before they started; rounds opened before this rule keep what theirs were told.
    counts_answered: Mapped[bool] = mapped_column(default=True)
    # All answers from the open link are left out: chosen before the first closing, and kept through reopenings.
    link_left_out: Mapped[bool] = mapped_column(default=False)
    # This many responses that closings counted came by the open link.
    by_link: Mapped[int] = mapped_column(default=0)
    # This many responses that closings counted were given in each language, by its code.
    by_language: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    # This is the number of the grouping of sectors that its results are shown by.
    grouping: Mapped[int] = mapped_column(default=GROUPING)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None or self.reopened_at is not None


class Reopening(Tenant, Base):
    """A closed round that was made to take answers again, and why."""

    __tablename__ = "assessment_reopening"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("reopened_by_id", "coalitions_membership"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    reopened_by_id: Mapped[int | None] = mapped_column(index=True)
    reopened_at: Mapped[datetime]


class Participant(Tenant, Base):
    """A person who was invited to a round or took part in it. Nothing links them to what they said."""

    __tablename__ = "assessment_participant"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.UniqueConstraint("round_id", "membership_id"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True)
    # This discipline brought the invitation; it is empty for one by name.
    discipline: Mapped[str] = mapped_column(sa.String(60), default="")
    # This says whether a closing counted an answer of theirs; if so, they do not answer again.
    took_part: Mapped[bool] = mapped_column(default=False)


class Response(Tenant, Base):
    """One respondent's answers in one round.

    Until closing it is linked to its respondent so that it can be resumed. Closing erases that link, the
    times and the language, and keeps only the sector.
    """

    __tablename__ = "assessment_response"
    __table_args__ = (
        tenant_key(),
        within("round_id", "assessment_round", "CASCADE"),
        within("respondent_id", "coalitions_membership"),
        sa.UniqueConstraint("round_id", "respondent_id"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    respondent_id: Mapped[int | None] = mapped_column(index=True)
    # This is a sector's key of the content: the respondent's organization's, or residents or other.
    sector: Mapped[str] = mapped_column(sa.String(60))
    started_at: Mapped[datetime | None]
    submitted: Mapped[bool] = mapped_column(default=False)
    # This is the code of the language in which its owner read the questions when they last handed it in, or else
    # when they started; it is empty if no one knows.
    language: Mapped[str] = mapped_column(sa.String(12), default="")
    # Its owner does not want it counted, however much is answered, until they submit it again.
    taken_back: Mapped[bool] = mapped_column(default=False)
    # This says whether a release has counted it: a new release needs at least k that none has.
    released: Mapped[bool] = mapped_column(default=False)


class Answer(Tenant, Base):
    """One answer: a rating from 0 to 4, chosen options, *don't know* or *does not apply*, with an optional note."""

    __tablename__ = "assessment_answer"
    __table_args__ = (
        within("response_id", "assessment_response", "CASCADE"),
        sa.UniqueConstraint("response_id", "indicator"),
        # Both columns are in one index: of two indexes SQLite may take the coalition's, and read all of its
        # answers again for each response that a closing rewrites.
        sa.Index("ix_assessment_answer_response", "coalition_id", "response_id"),
        sa.CheckConstraint("rating IS NULL OR (rating >= 0 AND rating <= 4)", name="rating"),
        sa.CheckConstraint("(kind = 'rating') = (rating IS NOT NULL)", name="rating_has_value"),
        sa.CheckConstraint("chosen IS NULL OR (chosen >= 1 AND chosen <= 127)", name="chosen"),
        sa.CheckConstraint("(kind = 'choice') = (chosen IS NOT NULL)", name="choice_has_options"),
    )

    coalition_id: Mapped[int] = mapped_column(sa.ForeignKey("coalitions_coalition.id", ondelete="CASCADE"))
    response_id: Mapped[int]
    indicator: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[AnswerKind]
    rating: Mapped[int | None]
    # This is the sum of 2 to the power of each chosen option's place, from 0.
    chosen: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # This says whether a release shows the note to coordinators: from k notes on that no release had shown.
    note_released: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]


class Paper(Tenant, Base):
    """The mark of a response that was entered from paper: its number, who entered it, and when.

    Closing deletes every response and writes it anew, and the mark goes with the old row.
    """

    __tablename__ = "assessment_paper"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("response_id", "assessment_response", "CASCADE"),
        within("keyed_by_id", "coalitions_membership"),
        sa.UniqueConstraint("response_id"),
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    response_id: Mapped[int]
    # This is the number on the sheet; each sheet of a round is entered once.
    number: Mapped[int]
    keyed_by_id: Mapped[int] = mapped_column(index=True)
    keyed_at: Mapped[datetime]


class Door(Tenant, Base):
    """A way to answer a round without an account: an open link, or slips with codes. A revoked one starts nothing."""

    __tablename__ = "assessment_door"
    __table_args__ = (
        tenant_key(),
        within("round_id", "assessment_round", "CASCADE"),
        within("opened_by_id", "coalitions_membership"),
        sa.UniqueConstraint("token_hash"),
        # A round has one of each kind at a time, so that no one wonders which one hangs on the wall.
        unique_while("revoked_at IS NULL", "uq_assessment_door_open", "round_id", "kind"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[DoorKind]
    # Its address is made from it and the installation's key, so that the poster can be printed again.
    nonce: Mapped[str] = mapped_column(sa.String(64))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    # On this day of the coalition's so many began from one address within an hour that they had to wait.
    crowded_on: Mapped[date | None]


class Slip(Tenant, Base):
    """A code that starts one response. Nothing says who got it, when it was used, or which response it started."""

    __tablename__ = "assessment_slip"
    __table_args__ = (
        within("door_id", "assessment_door", "CASCADE"),
        sa.UniqueConstraint("code_hash"),
    )

    door_id: Mapped[int] = mapped_column(index=True)
    # The code of a slip of paper is made from it, until more are made. A mailed one has none.
    nonce: Mapped[str] = mapped_column(sa.String(64), default="")
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used: Mapped[bool] = mapped_column(default=False)


class Guest(Tenant, Base):
    """The mark on a response that was given without an account, until its round closes.

    It holds no person, address or time: the browser's key opens the response, or the code to come back. Closing
    deletes every response and writes it anew, and the mark goes with the old row.
    """

    __tablename__ = "assessment_guest"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("response_id", "assessment_response", "CASCADE"),
        sa.UniqueConstraint("response_id"),
        sa.UniqueConstraint("round_id", "key_hash"),
        sa.UniqueConstraint("round_id", "resume_hash"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    response_id: Mapped[int]
    kind: Mapped[DoorKind]
    # This is the keyed hash of the random value in the browser's cookie, different for each round.
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    # This is the keyed hash of the code to come back.
    resume_hash: Mapped[str] = mapped_column(sa.String(64))


class Tally(Tenant, Base):
    """What coordinators see of who answers without an account, made once a day. Small numbers are not in it."""

    __tablename__ = "assessment_tally"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        sa.UniqueConstraint("round_id"),
    )

    round_id: Mapped[int]
    # This is the coalition's day.
    made_on: Mapped[date]
    # It holds {"ways": {way: number or null}, "sectors": {key: number}}; null stands for fewer than k.
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class StartCount(Base):
    """How many responses one address began within an hour, to slow a flood.

    The address is a hash with a key of the day. It is deleted within a day, and points at nothing.
    """

    __tablename__ = "assessment_start_count"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    # This is the beginning of the hour.
    hour: Mapped[datetime] = mapped_column(index=True)
    starts: Mapped[int] = mapped_column(default=1)


class Effort(Tenant, Base):
    """A known effort: who already does what, for which people, in which focus area and where.

    It is added by hand, or named by a respondent. Then it belongs to the response until closing erases that
    link; members see it once a closing released at least k responses. No time is kept of what a respondent
    named.
    """

    __tablename__ = "assessment_effort"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("response_id", "assessment_response", "CASCADE"),
        within("organization_id", "partners_organization"),
        within("added_by_id", "coalitions_membership"),
        sa.CheckConstraint("who <> ''", name="who"),
        sa.CheckConstraint("what <> ''", name="what"),
        sa.CheckConstraint("round_id IS NULL OR added_by_id IS NULL", name="named_or_added"),
        sa.CheckConstraint("response_id IS NULL OR round_id IS NOT NULL", name="response_in_round"),
        sa.CheckConstraint("response_id IS NULL OR NOT shared", name="shared_without_tie"),
    )

    # This is a focus area's key, of the content or of a round's own questions.
    area: Mapped[str] = mapped_column(sa.String(60), index=True)
    # This names the organization in the respondent's words; it stays when a coordinator says which one it is.
    who: Mapped[str] = mapped_column(sa.String(300))
    sort_key: Mapped[str] = mapped_column(sa.String(300))
    what: Mapped[str] = mapped_column(sa.String(300))
    for_whom: Mapped[str] = mapped_column(sa.String(300), default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    organization_id: Mapped[int | None] = mapped_column(index=True)
    # A respondent named it in this round.
    round_id: Mapped[int | None] = mapped_column(index=True)
    response_id: Mapped[int | None] = mapped_column(index=True)
    # This says whether members see it.
    shared: Mapped[bool]
    added_by_id: Mapped[int | None] = mapped_column(index=True)
    added_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class StoredRelease(Tenant, Base):
    """A round's results, computed once at closing; a reopened round may replace them with a newer row."""

    __tablename__ = "assessment_release"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        sa.UniqueConstraint("round_id", "number"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    respondents: Mapped[int]
    made_at: Mapped[datetime]
    results: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class AgreedValue(Tenant, Base):
    """A value that the group settled on for an indicator of a closed round, with its reason.

    It belongs to the round, not to a release: a newer release shows it too. A withdrawn row stays without a
    value, so that a form opened before is told from one opened since.
    """

    __tablename__ = "assessment_agreed_value"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("set_by_id", "coalitions_membership"),
        within("meeting_id", "meetings_meeting"),
        sa.UniqueConstraint("round_id", "indicator"),
        sa.CheckConstraint(
            "value IS NULL OR value IN (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4)", name="value_in_halves"
        ),
        sa.CheckConstraint("(value IS NULL) = (reason = '')", name="value_has_reason"),
        sa.CheckConstraint("(value IS NULL) = (agreed_on IS NULL)", name="value_has_date"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    indicator: Mapped[str] = mapped_column(sa.String(60))
    value: Mapped[float | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    agreed_on: Mapped[date | None]
    # This meeting settled on it.
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    set_by_id: Mapped[int | None] = mapped_column(index=True)
    set_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class DiscussionPoint(Tenant, Base):
    """An indicator of a closed round that someone wants to talk about at the next meeting."""

    __tablename__ = "assessment_talking_point"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("added_by_id", "coalitions_membership"),
        sa.UniqueConstraint("round_id", "indicator"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    indicator: Mapped[str] = mapped_column(sa.String(60))
    added_by_id: Mapped[int | None] = mapped_column(index=True)
    added_at: Mapped[datetime]


class DraftSet(Tenant, Base):
    """A question set that the coalition edits or loaded; a round copies what it asks when it opens."""

    __tablename__ = "assessment_draft_set"
    __table_args__ = (
        tenant_key(),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = mapped_column(sa.String(120))
    # It holds {"format": 3, "language": "en", "areas": [...], "hidden": [keys], "edits": {key: number}}.
    questions: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
