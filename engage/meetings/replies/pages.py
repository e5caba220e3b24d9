"""Builds what pages show of answers: the reader's own answer with buttons, and everyone's answers."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.meetings.forms import MeetingReplyForm
from engage.meetings.models import Meeting
from engage.meetings.replies import labels, queries
from engage.meetings.replies.rules import Said, may_reply, offered, tally
from engage.meetings.rules import Coming


class Button(Struct, frozen=True):
    """A button of the form; `is_mine` marks the answer that the person gave last."""

    value: str
    label: str
    is_mine: bool


class Asked(Struct, frozen=True):
    """The question to one person: their answer (empty before), and the buttons.

    The reminder has its own button, which appears after answering: if it were a box beside the buttons, a box
    checked after pressing one would never be sent.

    `is_old` means that the meeting was moved since, so that the person is asked again.
    """

    mine: str
    is_old: bool
    answer: str
    wants_reminder: bool
    buttons: list[Button]
    form: MeetingReplyForm

    @property
    def is_online(self) -> bool:
        return self.answer == Coming.ONLINE

    @property
    def may_remind(self) -> bool:
        """Returns whether a reminder makes sense: after a current answer other than no."""
        return bool(self.answer) and self.answer != Coming.NO and not self.is_old


def asked(meeting: Meeting, said: Said | None, now: datetime) -> Asked | None:
    """Returns the question to the person whose answer is `said`; None once the meeting is over."""
    if not may_reply(meeting.starts_at, meeting.minutes, meeting.closed_at, now):
        return None
    answer = said.answer if said is not None else None
    return Asked(
        mine=str(labels.MINE_LABELS[answer]) if answer is not None else "",
        is_old=said is not None and said.is_old,
        answer=answer.value if answer is not None else "",
        wants_reminder=said is not None and said.wants_reminder,
        buttons=[
            Button(each.value, str(labels.ANSWER_LABELS[each]), each is answer)
            for each in offered(has_link=bool(meeting.link))
        ],
        form=MeetingReplyForm(formdata=None),
    )


def of_person(person_id: int, said: Sequence[Said]) -> Said | None:
    """Returns the answer of this person among everyone's answers."""
    return next((each for each in said if each.person_id == person_id), None)


class Answers(Struct, frozen=True):
    """Everyone's answers: a sentence with counts, and the names by answer."""

    sentence: str
    silent: str
    names: list[tuple[str, str]]


def answers(meeting: Meeting, said: Sequence[Said]) -> Answers:
    """Returns the counts and names that members see of everyone's answers."""
    counted = tally(said, queries.invited(meeting))
    return Answers(
        labels.tally_words(counted),
        labels.silent_words(counted),
        [
            (str(labels.ANSWER_LABELS[answer]), ", ".join(row.name for row in said if row.answer is answer))
            for answer in labels.ANSWER_LABELS
            if counted.numbers[answer]
        ],
    )


class OnHome(Struct, frozen=True):
    """The next meeting on Home: the question (None for a viewer or a person not invited), and the counts."""

    asked: Asked | None
    sentence: str


def on_home(person: Membership, meeting: Meeting | None, now: datetime) -> OnHome | None:
    """Returns what Home shows of the next meeting, in one or two queries; None without a meeting."""
    if meeting is None:
        return None
    said = queries.said_about(meeting)
    asks = may(person.role, Permission.WORK) and queries.is_invited(person, meeting)
    return OnHome(
        asked(meeting, of_person(person.id, said), now) if asks else None, labels.tally_words(tally(said, 0))
    )
