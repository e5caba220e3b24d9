"""Tables of the community assessment: rounds, participants, responses, answers, releases, agreed values."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.assessment.rules import AnswerKind, Asked, BroughtIn, ChannelKind, WayIn
from engage.coalitions.rules import ComesUp
from engage.columns import CODE, QUESTIONS, Search, folded_from, opens, own_data, written
from engage.content.model import GROUPING
from engage.database import Base, Tenant, enum_type, tenant_key, unique_while, within
from engage.i18n import lazy_gettext as _l
from engage.tokens import new_hash

_TAKES_ANSWERS = "(closed_at IS NULL OR reopened_at IS NOT NULL)"


class Round(Tenant, Base):
    """One dated run of the assessment with a frozen copy of its questions.

    Whether it is for members or for anyone is decided when it is opened.
    """

    __tablename__ = "assessment_round"
    __label__ = _l("Round")
    comes_up = (ComesUp.CALENDAR,)
    __table_args__ = (
        tenant_key(),
        within("opened_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("k >= 3 AND k <= 20", name="k"),
        # At most one round for members and one for anyone take answers at a time, so that it is always clear
        # which one is meant.
        unique_while(f"{_TAKES_ANSWERS} AND asked <> 'anyone'", "uq_assessment_round_open", "coalition_id"),
        unique_while(f"{_TAKES_ANSWERS} AND asked = 'anyone'", "uq_assessment_round_anyone", "coalition_id"),
        sa.CheckConstraint("reopened_at IS NULL OR closed_at IS NOT NULL", name="reopened_after_closing"),
    )

    title: Mapped[str] = written(_l("Title"), Search.NO, longest=120, of="opened_by_id")
    # Results are never shown for a group smaller than this. Once someone has started to answer, it can only
    # be raised.
    k: Mapped[int] = mapped_column(default=3)
    # {"format": 3, "language": "en", "areas": [...]}, with the texts that respondents see.
    questions: Mapped[dict[str, Any]] = mapped_column(sa.JSON, info=QUESTIONS)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(index=True, info=own_data("rounds_opened", "opened_at"))
    # The last day for answers. The round still takes answers until a coordinator closes it.
    closes_on: Mapped[date | None]
    # The time of the last closing. It stays while the round is reopened, because its results can still be
    # read.
    closed_at: Mapped[datetime | None]
    # When the closed round was reopened; empty once it is closed again.
    reopened_at: Mapped[datetime | None]
    asked: Mapped[Asked] = mapped_column(default=Asked.EVERYONE)
    # Whether closing also counts responses that answer everything but were not submitted. Respondents are
    # told so before they start, so rounds opened before this rule keep the earlier one.
    counts_answered: Mapped[bool] = mapped_column(default=True)
    # Whether all answers from the open link are left out. This is decided before the first closing, and stays
    # when the round is reopened.
    link_left_out: Mapped[bool] = mapped_column(default=False)
    # How many of the responses that closings counted came through the open link.
    by_link: Mapped[int] = mapped_column(default=0)
    # How many of the responses that closings counted were given in each language, by its code: with an
    # account, by hand, and by the open link. Under an earlier rule it was one number.
    by_language: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict, info=CODE)
    # Whether the rule of what results show changed while the round was open; coordinators see a note about
    # it.
    rule_changed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # Whether the columns of results made under the earlier rule are hidden; empty until a coordinator has
    # decided.
    hides_columns: Mapped[bool | None]
    # Whether answers of the round were brought in from a file, which is said wherever its numbers are shown.
    brought_in: Mapped[BroughtIn] = mapped_column(default=BroughtIn.NONE, server_default=BroughtIn.NONE.value)
    # The number of the version of the sectors' grouping under which the results are shown.
    grouping: Mapped[int] = mapped_column(default=GROUPING)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None or self.reopened_at is not None

    @property
    def is_from_a_file(self) -> bool:
        return self.brought_in is BroughtIn.ALL

    @property
    def is_for_anyone(self) -> bool:
        """Returns whether people answer it only without an account, by the open link or a slip, or on paper."""
        return self.asked is Asked.ANYONE


class AnswersImport(Tenant, Base):
    """Answers that were brought in from a file, and what is needed to bring in the next one, or to take these back.

    It holds no word of the file: rows, columns and words are only hashes with the installation's key.
    """

    __tablename__ = "assessment_import"
    __label__ = _l("Answers from a file")
    __table_args__ = (
        within("round_id", "assessment_round"),
        within("brought_by_id", "coalitions_membership"),
    )

    # The round that has the answers. An import that is taken back has none.
    round_id: Mapped[int | None] = mapped_column(index=True)
    # Whether the import made the round.
    made_round: Mapped[bool]
    # Hashes that tell a row of the file from others, sorted; a row with such a hash is never brought in again.
    rows: Mapped[list[str]] = mapped_column(sa.JSON, info=CODE)
    # A hash of everything but the ratings: of who answered which statements, and in which way.
    crowd: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    # {hash of a column's name: field} and {hash of a word: what it means}, for the next file.
    columns: Mapped[dict[str, str]] = mapped_column(sa.JSON, info=CODE)
    words: Mapped[dict[str, str]] = mapped_column(sa.JSON, info=CODE)
    brought_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("answers_brought_in", "round_id brought_at")
    )
    brought_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    # The results that the removed round showed, as a release stores them: a later one must not tell people apart
    # beside them. Empty if it showed nothing.
    shown: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict, info=CODE)


class Reopening(Tenant, Base):
    """The reopening of a closed round, with the reason."""

    __tablename__ = "assessment_reopening"
    __label__ = _l("Reopening")
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        within("reopened_by_id", "coalitions_membership"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    reason: Mapped[str] = written(_l("Reason"), Search.NO, of="reopened_by_id")
    reopened_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("rounds_reopened", "round_id reopened_at")
    )
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
    membership_id: Mapped[int] = mapped_column(
        index=True, info=own_data("asked_in_rounds", "round_id discipline took_part")
    )
    # The discipline by which the person was invited; empty if they were invited by name.
    discipline: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    # Whether a closing counted a response of this person; if so, they cannot answer again.
    took_part: Mapped[bool] = mapped_column(default=False)


class Response(Tenant, Base):
    """One respondent's answers in one round.

    Until closing, the response is linked to its respondent, who can so continue it. Closing erases that link,
    the times and the language, and keeps only the sector.
    """

    __tablename__ = "assessment_response"
    __table_args__ = (
        tenant_key(),
        within("round_id", "assessment_round", "CASCADE"),
        within("respondent_id", "coalitions_membership"),
        sa.UniqueConstraint("round_id", "respondent_id"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    respondent_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("responses", "id round_id sector language started_at submitted taken_back")
    )
    # The key of a sector in the content: that of the respondent's organization, or residents, or other.
    sector: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    started_at: Mapped[datetime | None]
    submitted: Mapped[bool] = mapped_column(default=False)
    # The code of the language in which the respondent read the questions when they last submitted, or else
    # when they started; empty if unknown.
    language: Mapped[str] = mapped_column(sa.String(12), default="", info=CODE)
    # If true, the response does not count until its respondent submits it again, even if everything is
    # answered.
    taken_back: Mapped[bool] = mapped_column(default=False)
    # Whether a release has counted the response. A new release needs enough responses that no release has
    # counted.
    released: Mapped[bool] = mapped_column(default=False)
    # Whether the response came with an account or by the open link; closing records it. Empty while the round
    # is open, for slips and paper, and for responses that were closed before this was stored.
    way: Mapped[WayIn | None]


class Answer(Tenant, Base):
    """One answer: a rating from 0 to 4, chosen options, *don't know* or *does not apply*, with an optional note."""

    __tablename__ = "assessment_answer"
    __label__ = _l("Note on a statement")
    __table_args__ = (
        within("response_id", "assessment_response", "CASCADE"),
        sa.UniqueConstraint("response_id", "indicator"),
        # One index has both columns. With two indexes, SQLite may choose the one on the coalition, and read
        # all of its answers again for each response that a closing rewrites.
        sa.Index("ix_assessment_answer_response", "coalition_id", "response_id"),
        sa.CheckConstraint("rating IS NULL OR (rating >= 0 AND rating <= 4)", name="rating"),
        sa.CheckConstraint("(kind = 'rating') = (rating IS NOT NULL)", name="rating_has_value"),
        sa.CheckConstraint("chosen IS NULL OR (chosen >= 1 AND chosen <= 127)", name="chosen"),
        sa.CheckConstraint("(kind = 'choice') = (chosen IS NOT NULL)", name="choice_has_options"),
    )

    coalition_id: Mapped[int] = mapped_column(sa.ForeignKey("coalitions_coalition.id", ondelete="CASCADE"))
    response_id: Mapped[int] = mapped_column(
        info=own_data("answers", "indicator kind rating chosen answered_at")
    )
    indicator: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    kind: Mapped[AnswerKind]
    rating: Mapped[int | None]
    # The chosen options as bits: the sum of 2 to the power of each option's index, counted from 0.
    chosen: Mapped[int | None]
    note: Mapped[str] = written(_l("Note"), Search.NO, of="response_id", default="")
    # Whether a release shows the note to coordinators. A release shows notes only if k or more are new.
    note_released: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]


class Paper(Tenant, Base):
    """Marks a response that was entered from paper: its number, who entered it, and when.

    Closing deletes every response and writes it again as a new row; this row is deleted with the old one.
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
    # The number on the sheet; each sheet of a round can be entered only once.
    number: Mapped[int]
    keyed_by_id: Mapped[int] = mapped_column(
        index=True, info=own_data("papers_keyed", "round_id number keyed_at")
    )
    keyed_at: Mapped[datetime]


class Channel(Tenant, Base):
    """A channel to answer a round without an account: an open link, or slips with codes.

    After it is revoked, no one can start a response with it.
    """

    __tablename__ = "assessment_door"
    __table_args__ = (
        tenant_key(),
        within("round_id", "assessment_round", "CASCADE"),
        within("opened_by_id", "coalitions_membership"),
        sa.UniqueConstraint("token_hash"),
        # A round has at most one of each kind at a time, so that everyone knows which poster or slips are
        # valid.
        unique_while("revoked_at IS NULL", "uq_assessment_door_open", "round_id", "kind"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[ChannelKind] = mapped_column(enum_type(ChannelKind, "doorkind"))
    # The address is derived from this and the installation's key, so that the poster can be printed again.
    nonce: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("doors_opened", "round_id kind opened_at revoked_at")
    )
    revoked_at: Mapped[datetime | None]
    # The last day, in the coalition's time zone, on which so many people started from one network address
    # within an hour that some had to wait.
    crowded_on: Mapped[date | None]


class Slip(Tenant, Base):
    """A code that starts one response. Nothing records who got it, when it was used, or which response it started."""

    __tablename__ = "assessment_slip"
    __table_args__ = (
        within("door_id", "assessment_door", "CASCADE"),
        sa.UniqueConstraint("code_hash"),
    )

    door_id: Mapped[int] = mapped_column(index=True)
    # The code of a paper slip is derived from this, until newer slips are made. A mailed code has none.
    nonce: Mapped[str] = mapped_column(sa.String(64), default="", info=CODE)
    code_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    used: Mapped[bool] = mapped_column(default=False)


class Guest(Tenant, Base):
    """Marks a response that is given without an account, until its round closes.

    It holds no person, address or time. The response is opened with the browser's cookie, or with the code to
    come back. Closing deletes every response and writes it again as a new row; this row is deleted with the
    old one.
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
    kind: Mapped[ChannelKind] = mapped_column(enum_type(ChannelKind, "doorkind"))
    # The keyed hash of the random value in the browser's cookie, different for each round.
    key_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    # The keyed hash of the code to come back.
    resume_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))


class OfflineKey(Tenant, Base):
    """The key to which one phone seals a response's answers while it has no network.

    Closing deletes every response and writes it again as a new row; this row is deleted with the old one.
    """

    __tablename__ = "assessment_offline_key"
    __table_args__ = (
        within("response_id", "assessment_response", "CASCADE"),
        sa.UniqueConstraint("handle_hash"),
    )

    response_id: Mapped[int] = mapped_column(index=True)
    # The private key as a JWK. It opens only answers to this response, which this database then holds, too.
    private: Mapped[dict[str, str | list[str]]] = mapped_column(sa.JSON, info=CODE)
    # The hash of the name by which the phone asks for this row.
    handle_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    # The number of the last answer taken from the phone, which counts them: an answer that comes again is not taken
    # again.
    taken: Mapped[int] = mapped_column(default=0)


class Tally(Tenant, Base):
    """The counts of people who answer without an account, as coordinators see them, made once a day.

    Small numbers are left out.
    """

    __tablename__ = "assessment_tally"
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        sa.UniqueConstraint("round_id"),
    )

    round_id: Mapped[int]
    # The day in the coalition's time zone.
    made_on: Mapped[date]
    # {"ways": {way: number or null}, "sectors": {key: number}}; null means fewer than k.
    counts: Mapped[dict[str, object]] = mapped_column(sa.JSON, info=CODE)


class StartCount(Base):
    """The number of responses that were started from one network address within an hour, to slow a flood.

    The address is a hash with a key of the day. The row is deleted within a day, and refers to no other row.
    """

    __tablename__ = "assessment_start_count"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True, info=CODE)
    # The beginning of the hour.
    hour: Mapped[datetime] = mapped_column(index=True)
    starts: Mapped[int] = mapped_column(default=1)


class Effort(Tenant, Base):
    """A known effort: who already does what, for which people, in which focus area and where.

    It is added by hand or named by a respondent. An effort that a respondent named belongs to the response
    until closing erases that link and the time; members see it once a closing has released at least k
    responses.
    """

    __tablename__ = "assessment_effort"
    __label__ = _l("Known effort")
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

    # The key of a focus area, from the content or from a round's own questions.
    area: Mapped[str] = mapped_column(sa.String(60), index=True, info=CODE)
    # The organization's name as the respondent wrote it; it stays when a coordinator links the effort to an
    # organization.
    who: Mapped[str] = written(_l("Who"), Search.NO, longest=300, of="added_by_id response_id")
    sort_key: Mapped[str] = mapped_column(sa.String(300), info=folded_from("who"))
    what: Mapped[str] = written(_l("What"), Search.NO, longest=300, of="added_by_id response_id")
    for_whom: Mapped[str] = written(
        _l("For"), Search.NO, longest=300, of="added_by_id response_id", default=""
    )
    place: Mapped[str] = written(
        _l("Place"), Search.NO, longest=300, of="added_by_id response_id", default=""
    )
    organization_id: Mapped[int | None] = mapped_column(index=True)
    # The round in which a respondent named the effort.
    round_id: Mapped[int | None] = mapped_column(index=True)
    response_id: Mapped[int | None] = mapped_column(index=True, info=own_data("efforts", "area"))
    # Whether members see the effort.
    shared: Mapped[bool]
    added_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("efforts_added", "area added_at")
    )
    added_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class StoredRelease(Tenant, Base):
    """A round's results, computed once at closing; closing a reopened round may add a newer release."""

    __tablename__ = "assessment_release"
    comes_up = (ComesUp.REPORTS, ComesUp.EVENING_IS_PAST)
    __table_args__ = (
        within("round_id", "assessment_round", "CASCADE"),
        sa.UniqueConstraint("round_id", "number"),
    )

    round_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    respondents: Mapped[int]
    made_at: Mapped[datetime]
    results: Mapped[dict[str, object]] = mapped_column(sa.JSON, info=CODE)
    # The sets of people behind the shown values (how many by each way), which the next closing needs and no
    # reader may see. Empty for releases made under the earlier rule.
    sets: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict, server_default="{}", info=CODE)


class AgreedValue(Tenant, Base):
    """A value that the group settled on for an indicator of a closed round, with its reason.

    It belongs to the round, not to a release: a newer release shows it too. When it is withdrawn, the row
    stays without a value, so that its version number shows which forms are outdated.
    """

    __tablename__ = "assessment_agreed_value"
    __label__ = _l("Agreed value")
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
    indicator: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    value: Mapped[float | None]
    reason: Mapped[str] = written(_l("Reason"), Search.NO, of="set_by_id", default="")
    agreed_on: Mapped[date | None]
    # The meeting that settled on the value.
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    set_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("agreed_values", "round_id indicator value agreed_on")
    )
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
    indicator: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    added_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("discussion_points", "round_id indicator added_at")
    )
    added_at: Mapped[datetime]


class DraftSet(Tenant, Base):
    """A question set that the coalition edits or loaded; a round copies its questions when it opens."""

    __tablename__ = "assessment_draft_set"
    __label__ = _l("Question set")
    __table_args__ = (
        tenant_key(),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = written(_l("Title"), Search.NO, longest=120, of="created_by_id")
    # {"format": 3, "language": "en", "areas": [...], "hidden": [keys], "edits": {key: number}}.
    questions: Mapped[dict[str, object]] = mapped_column(sa.JSON, info=QUESTIONS)
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("question_sets", "changed_at")
    )
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
