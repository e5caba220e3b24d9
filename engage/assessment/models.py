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
        # Only one round takes answers at a time, so that no one has to ask which one is meant.
        unique_while(_TAKES_ANSWERS, "uq_assessment_round_open", "coalition_id"),
        sa.CheckConstraint("reopened_at IS NULL OR closed_at IS NOT NULL", name="reopened_after_closing"),
    )

    title: Mapped[str] = mapped_column(sa.String(120))
    # Results are never shown for a group smaller than this.
    k: Mapped[int] = mapped_column(default=3)
    # It holds {"format": 3, "language": "en", "areas": [...]}, with the texts that respondents see.
    questions: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(index=True)
    # This is the last day for answers. The round still takes answers until a coordinator closes it.
    closes_on: Mapped[date | None]
    # This is the time of the last closing. It stays while the round takes answers again, because its results
    # can still be read.
    closed_at: Mapped[datetime | None]
    # Since this time the round takes answers again; it is empty once the round is closed again.
    reopened_at: Mapped[datetime | None]
    asked: Mapped[Asked] = mapped_column(default=Asked.EVERYONE)
    # This says whether closing also counts responses that answer everything but were not submitted.
    # Respondents are told so before they start. Rounds opened before this rule keep what their respondents
    # were told.
    counts_answered: Mapped[bool] = mapped_column(default=True)
    # This says that all answers from the open link are left out. It is chosen before the first closing, and
    # kept when the round is reopened.
    link_left_out: Mapped[bool] = mapped_column(default=False)
    # This many of the responses that closings counted came through the open link.
    by_link: Mapped[int] = mapped_column(default=0)
    # This many of the responses that closings counted were given in each language, by its code.
    by_language: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    # This is the number of the grouping of sectors under which its results are shown.
    grouping: Mapped[int] = mapped_column(default=GROUPING)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None or self.reopened_at is not None


class Reopening(Tenant, Base):
    """The reopening of a closed round, with the reason."""

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
    """A person who was invited to a round or took part in it. Nothing links them to their answers."""

    __tablename__ = "assessment_participant"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.UniqueConstraint("round_id", "membership_id"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True)
    # The invitation came through this discipline; it is empty if the person was invited by name.
    discipline: Mapped[str] = mapped_column(sa.String(60), default="")
    # This says whether a closing counted a response of theirs; if so, they cannot answer again.
    took_part: Mapped[bool] = mapped_column(default=False)


class Response(Tenant, Base):
    """One respondent's answers in one round.

    Until closing it is linked to its respondent, so that it can be resumed. Closing erases that link, the
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
    # This is the key of a sector in the content: the sector of the respondent's organization, or residents,
    # or other.
    sector: Mapped[str] = mapped_column(sa.String(60))
    started_at: Mapped[datetime | None]
    submitted: Mapped[bool] = mapped_column(default=False)
    # This is the code of the language in which the respondent read the questions when they last submitted, or
    # else when they started; it is empty if unknown.
    language: Mapped[str] = mapped_column(sa.String(12), default="")
    # If this is true, the response does not count until its owner submits it again, even if everything is answered.
    taken_back: Mapped[bool] = mapped_column(default=False)
    # This says whether a release has counted the response. A new release needs at least k responses that no
    # release has counted.
    released: Mapped[bool] = mapped_column(default=False)


class Answer(Tenant, Base):
    """One answer: a rating from 0 to 4, chosen options, *don't know* or *does not apply*, with an optional note."""

    __tablename__ = "assessment_answer"
    __table_args__ = (
        within("response_id", "assessment_response", "CASCADE"),
        sa.UniqueConstraint("response_id", "indicator"),
        # One index has both columns. Of two indexes, SQLite may use the coalition's and read all of its
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
    # This is the sum of 2 to the power of each chosen option's index, counted from 0.
    chosen: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    # This says whether a release shows the note to coordinators. A release shows notes only if k or more are new.
    note_released: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]


class Paper(Tenant, Base):
    """Marks a response that was entered from paper: its number, who entered it, and when.

    Closing deletes every response and writes it anew, and this row is deleted with the old row.
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
    # This is the number on the sheet; each sheet of a round can be entered only once.
    number: Mapped[int]
    keyed_by_id: Mapped[int] = mapped_column(index=True)
    keyed_at: Mapped[datetime]


class Door(Tenant, Base):
    """A way to answer a round without an account: an open link, or slips with codes.

    No one can begin by a revoked door.
    """

    __tablename__ = "assessment_door"
    __table_args__ = (
        tenant_key(),
        within("round_id", "assessment_round", "CASCADE"),
        within("opened_by_id", "coalitions_membership"),
        sa.UniqueConstraint("token_hash"),
        # A round has at most one of each kind at a time, so that everyone knows which one hangs on the wall.
        unique_while("revoked_at IS NULL", "uq_assessment_door_open", "round_id", "kind"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[DoorKind]
    # The address is made from this and the installation's key, so that the poster can be printed again.
    nonce: Mapped[str] = mapped_column(sa.String(64))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    # On this day (the coalition's) so many people began from one network address within an hour that some had
    # to wait.
    crowded_on: Mapped[date | None]


class Slip(Tenant, Base):
    """A code that starts one response. Nothing records who got it, when it was used, or which response it started."""

    __tablename__ = "assessment_slip"
    __table_args__ = (
        within("door_id", "assessment_door", "CASCADE"),
        sa.UniqueConstraint("code_hash"),
    )

    door_id: Mapped[int] = mapped_column(index=True)
    # The code of a paper slip is made from this until newer slips are made. A mailed code has none.
    nonce: Mapped[str] = mapped_column(sa.String(64), default="")
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used: Mapped[bool] = mapped_column(default=False)


class Guest(Tenant, Base):
    """Marks a response that is given without an account, until its round closes.

    It holds no person, address or time. The browser's cookie opens the response, or the code to come back.
    Closing deletes every response and writes it anew, and this row is deleted with the old row.
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
    """The counts that coordinators see of who answers without an account, made once a day.

    It leaves out small numbers.
    """

    __tablename__ = "assessment_tally"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        sa.UniqueConstraint("round_id"),
    )

    round_id: Mapped[int]
    # This is the day in the coalition's time zone.
    made_on: Mapped[date]
    # It holds {"ways": {way: number or null}, "sectors": {key: number}}; null stands for fewer than k.
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class StartCount(Base):
    """The number of responses that one network address began within an hour, to slow a flood.

    The address is a hash with a key of the day. It is deleted within a day, and refers to no other row.
    """

    __tablename__ = "assessment_start_count"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    # This is the beginning of the hour.
    hour: Mapped[datetime] = mapped_column(index=True)
    starts: Mapped[int] = mapped_column(default=1)


class Effort(Tenant, Base):
    """A known effort: who already does what, for which people, in which focus area and where.

    It is added by hand or named by a respondent. An effort that a respondent named belongs to the response
    until closing erases that link, and members see it once a closing has released at least k responses. Its
    time is not stored.
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

    # This is a focus area's key, from the content or from a round's own questions.
    area: Mapped[str] = mapped_column(sa.String(60), index=True)
    # This names the organization in the respondent's words; it stays when a coordinator chooses the organization.
    who: Mapped[str] = mapped_column(sa.String(300))
    sort_key: Mapped[str] = mapped_column(sa.String(300))
    what: Mapped[str] = mapped_column(sa.String(300))
    for_whom: Mapped[str] = mapped_column(sa.String(300), default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    organization_id: Mapped[int | None] = mapped_column(index=True)
    # This is the round in which a respondent named it.
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
    value, so that its version shows whether a form was opened before.
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
    # This is the meeting that settled on the value.
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
    """A question set that the coalition edits or loaded; a round copies its questions when it opens."""

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
