"""What a letter can be about, and the link that it carries: one entry a kind.

A page leads here with `?about=meeting:4`: the kind and the row's number. The page to write is then filled with
the kind's words. To add a kind, add an entry to `KINDS`:

- `title` says what it is about, or None where the coalition has no such row;
- `words` gives the subject and the text to begin with;
- `alike` gives the address that is the same for everyone, which letters by hand carry; "" where there is none,
  so that such letters go out only by this installation;
- `own` gives the address for one reader. It is called when the letter goes out, in the transaction that claims
  it, so that it may draw a code and store its hash; previews, tests and the queue show `veiled` in its place;
- `files` gives what goes out with the letter, made when it goes out.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from msgspec import Struct

from engage import clock
from engage.assessment.doors import queries as doors_queries
from engage.assessment.doors import service as doors_service
from engage.assessment.models import Door, Round
from engage.assessment.respondents import reminding
from engage.assessment.rules import DoorKind
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.extensions import db
from engage.meetings import queries as meetings_queries
from engage.meetings import words as meetings_words
from engage.meetings.calendar_file import calendar_file
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import Meeting
from engage.meetings.papers.pages import papers
from engage.meetings.replies import links as replies_links
from engage.messages.announcements.models import Announcement
from engage.messages.letters.rules import LINK, NAME, read_key
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.activities.words import when_words
from engage.plan.feedback import queries as feedback_queries
from engage.plan.signups import queries as signups_queries
from engage.plan.signups.models import Signup
from engage.web import links

# A longer agenda, or more decisions, would not leave room for the coordinator's own words.
ITEMS_LONGEST = 3000


class Reader(Struct, frozen=True):
    """The person for whom a link is made; exactly one of the three ids is set."""

    coalition: Coalition
    membership_id: int | None
    invitation_id: int | None
    signup_id: int | None = None


class File(Struct, frozen=True):
    """A file that is sent with a letter; `kind` is a type such as "text/calendar"."""

    name: str
    kind: str
    content: bytes


class Words(Struct, frozen=True):
    """The words with which a letter begins."""

    subject: str
    text: str


class Kind(Struct, frozen=True):
    """A kind of thing that letters are about."""

    said: LazyString
    title: Callable[[Coalition, int], str | None]
    words: Callable[[Membership, int], Words]
    alike: Callable[[Coalition, int], str]
    own: Callable[[Reader, int], str] | None = None
    veiled: Callable[[Coalition, int], str] | None = None
    files: Callable[[Coalition, int], list[File]] | None = None


class About(Struct, frozen=True):
    """The thing that one letter is about."""

    kind: Kind
    number: int
    title: str

    def alike(self, coalition: Coalition) -> str:
        path = self.kind.alike(coalition, self.number)
        return links.external(path) if path else ""

    def shown(self, coalition: Coalition) -> str:
        """Returns the link as previews and tests show it, which never opens anything for one person."""
        if self.kind.own is None:
            return self.alike(coalition)
        veiled = self.kind.veiled or self.kind.alike
        return links.external(veiled(coalition, self.number))

    def for_reader(self, reader: Reader) -> str:
        """Returns the link as it is sent to this reader."""
        if self.kind.own is None:
            return self.alike(reader.coalition)
        return links.external(self.kind.own(reader, self.number))

    def files(self, coalition: Coalition) -> list[File]:
        return self.kind.files(coalition, self.number) if self.kind.files else []


def about(coalition: Coalition, key: str) -> About | None:
    """Returns the thing that a key such as "meeting:4" means; "" is the coalition's home.

    None if there is no such thing.
    """
    name, number = read_key(key or "home")
    kind = KINDS.get(name)
    title = kind.title(coalition, number) if kind is not None else None
    return About(kind, number, title) if kind is not None and title is not None else None


def row_of(model: Any, coalition: Coalition, number: int) -> Any:
    """Returns the coalition's own row."""
    return db.session.scalar(sa.select(model).where(model.coalition_id == coalition.id, model.id == number))


def text_of(writer: Membership, *paragraphs: str) -> str:
    """Returns a text made of these paragraphs, with a greeting before them, and the link and thanks after them."""
    greeting = _("Hello %(name)s,", name=NAME)
    return "\n\n".join([greeting, *paragraphs, LINK, _("Thank you!") + "\n" + writer.name])


# -- home


def _home_words(writer: Membership, _number: int) -> Words:
    return Words("", text_of(writer, ""))


def _home(coalition: Coalition, _number: int) -> str:
    return url_for("home.index", slug=coalition.slug)


# -- meetings


def _meeting_title(coalition: Coalition, number: int) -> str | None:
    meeting = row_of(Meeting, coalition, number)
    return meeting.title if meeting is not None else None


def _meeting_words(writer: Membership, number: int) -> Words:
    meeting = row_of(Meeting, writer.coalition, number)
    invites = _(
        "%(coalition)s invites you to “%(title)s”.",
        title=meeting.title,
        coalition=writer.coalition.name,
    )
    return Words(meeting.title, text_of(writer, invites, _when_and_where(meeting), _asks()))


def _agenda_words(writer: Membership, number: int) -> Words:
    """Returns the agenda itself without people's names, because people who do not sign in read it, too."""
    meeting = row_of(Meeting, writer.coalition, number)
    here = _("Here is the agenda for “%(title)s”.", title=meeting.title)
    paper = papers.agenda_paper(meeting, meetings_queries.agenda_of(meeting), {})
    items = "\n".join(f"{line.begins}  {line.title}" for line in paper.lines)
    parts = [here, _when_and_where(meeting), meeting.about, items[:ITEMS_LONGEST], _asks()]
    subject = _("Agenda: %(title)s", title=meeting.title)
    return Words(subject, text_of(writer, *filter(None, parts)))


def _minutes_words(writer: Membership, number: int) -> Words:
    """Returns the decisions; the whole minutes are behind the link, for people who sign in."""
    meeting = row_of(Meeting, writer.coalition, number)
    day = meetings_words.day(meeting.starts_at)
    here = _("Here is what “%(title)s” decided on %(day)s.", title=meeting.title, day=day)
    decided = "\n".join(f"- {each.text}" for each in decisions_service.decisions_of(meeting))
    if not decided:
        here = _("The minutes of “%(title)s” on %(day)s are ready.", title=meeting.title, day=day)
    parts = [here, decided[:ITEMS_LONGEST], _("Full minutes:")]
    return Words(_("Minutes: %(title)s", title=meeting.title), text_of(writer, *filter(None, parts)))


def _asks() -> str:
    return _("Please say here whether you are coming:")


def _when_and_where(meeting: Meeting) -> str:
    when = meetings_words.when(meeting.starts_at, meeting.minutes)
    return f"{when}\n{meeting.place}" if meeting.place else when


def _meeting(coalition: Coalition, number: int) -> str:
    return url_for("meetings.meeting", slug=coalition.slug, meeting_id=number)


def _minutes(coalition: Coalition, number: int) -> str:
    return url_for("meetings.read_minutes", slug=coalition.slug, meeting_id=number)


def _reply(reader: Reader, number: int) -> str:
    """Returns the page on which this person answers whether they are coming."""
    meeting = row_of(Meeting, reader.coalition, number)
    if reader.membership_id is None or meeting is None:
        return _meeting(reader.coalition, number)
    return replies_links.path_of(reader.membership_id, meeting)


def _veiled_reply(_coalition: Coalition, _number: int) -> str:
    return "/rsvp/…"


def _calendar(coalition: Coalition, number: int) -> list[File]:
    meeting = row_of(Meeting, coalition, number)
    # The online link is on the page on which people answer, because a mail is easily passed on.
    address = links.external(_meeting(coalition, number))
    text = calendar_file(meeting, address, clock.now(), with_link=False)
    return [File(f"meeting-{number}.ics", "text/calendar", text.encode())]


# -- rounds


def _round_title(coalition: Coalition, number: int) -> str | None:
    round_ = row_of(Round, coalition, number)
    return round_.title if round_ is not None and round_.is_open else None


def _round_words(writer: Membership, number: int) -> Words:
    round_ = row_of(Round, writer.coalition, number)
    subject, text = reminding.merged(writer, round_, NAME, LINK)
    return Words(subject, text)


def _round(coalition: Coalition, number: int) -> str:
    return url_for("assessment.show_round", slug=coalition.slug, round_id=number)


def _door(coalition: Coalition, number: int, kind: DoorKind) -> tuple[Door, str] | None:
    """Returns the round's door of this kind, if people can enter by it, and its token."""
    round_ = row_of(Round, coalition, number)
    door = doors_queries.door_of(round_, kind) if round_ is not None and round_.is_open else None
    token = doors_queries.token_of(door) if door is not None else None
    return (door, token) if door is not None and token is not None else None


def _slips_title(coalition: Coalition, number: int) -> str | None:
    return _round_title(coalition, number) if _door(coalition, number, DoorKind.SLIPS) else None


def _open_link_title(coalition: Coalition, number: int) -> str | None:
    return _round_title(coalition, number) if _door(coalition, number, DoorKind.LINK) else None


def _answer_words(writer: Membership, number: int) -> Words:
    round_ = row_of(Round, writer.coalition, number)
    asks = _(
        "We'd like your answers to “%(title)s” in %(coalition)s. You don't need an account, and no one asks your "
        "name. The link opens the questions.",
        title=round_.title,
        coalition=writer.coalition.name,
    )
    return Words(_("Your answers: %(title)s", title=round_.title), text_of(writer, asks))


def _reminder_words(writer: Membership, number: int) -> Words:
    round_ = row_of(Round, writer.coalition, number)
    asks = _(
        "You got a link with a code to answer “%(title)s”. No one can see who has answered, so this goes to "
        "everyone: if you have, thank you. If not, please use the link in that e-mail, or type its code here:",
        title=round_.title,
    )
    return Words(_("A reminder: %(title)s", title=round_.title), text_of(writer, asks))


def _own_slip(reader: Reader, number: int) -> str:
    """Draws a code for this mail; its recipient is not stored."""
    found = _door(reader.coalition, number, DoorKind.SLIPS)
    if found is None:
        raise LookupError("the slips of this round are turned off")
    door, token = found
    return url_for("answer.slip", token=token, code=doors_service.draw_for_mail(door))


def _veiled_slip(_coalition: Coalition, _number: int) -> str:
    return "/answer/…/…"


def _slips_door(coalition: Coalition, number: int) -> str:
    found = _door(coalition, number, DoorKind.SLIPS)
    return url_for("answer.show_round", token=found[1]) if found else ""


def _open_link(coalition: Coalition, number: int) -> str:
    found = _door(coalition, number, DoorKind.LINK)
    return url_for("answer.show_round", token=found[1]) if found else ""


# -- events


def _event_title(coalition: Coalition, number: int) -> str | None:
    event = row_of(Activity, coalition, number)
    return event.title if event is not None else None


def _event_words(writer: Membership, number: int) -> Words:
    event = row_of(Activity, writer.coalition, number)
    when = when_words(event.happened_on, event.starts_at, event.minutes, writer.coalition.time_zone)
    if event.state is ActivityState.CALLED_OFF:
        subject = _("Canceled: %(title)s", title=event.title)
        return Words(
            subject,
            text_of(writer, _("“%(title)s” on %(when)s is canceled.", title=event.title, when=when)),
        )
    where = "\n".join(filter(None, (event.title, when, event.place)))
    asks = _(
        "This is a reminder of the event you signed up for. If you cannot come, please cancel on your own page:"
    )
    return Words(_("Reminder: %(title)s", title=event.title), text_of(writer, where, asks))


def _event(coalition: Coalition, number: int) -> str:
    """Returns the public page to sign up, or the coalition's home if the event has none."""
    event = row_of(Activity, coalition, number)
    page = signups_queries.page_of(event) if event is not None else None
    token = signups_queries.public_token(page) if page is not None else None
    return url_for("event.show_event", token=token) if token is not None else _home(coalition, number)


def _own_signup(reader: Reader, number: int) -> str:
    """Returns the page on which this person reads what changed, or cancels."""
    signup = row_of(Signup, reader.coalition, reader.signup_id) if reader.signup_id is not None else None
    token = signups_queries.own_token(signup) if signup is not None else None
    return url_for("event.own_signup", token=token) if token is not None else _event(reader.coalition, number)


def _feedback_words(writer: Membership, number: int) -> Words:
    event = row_of(Activity, writer.coalition, number)
    asks = _(
        "Please tell us what you think about “%(title)s”. It takes a minute, without an account and without your name:",
        title=event.title,
    )
    return Words(_("Your feedback: %(title)s", title=event.title), text_of(writer, asks))


def _feedback(coalition: Coalition, number: int) -> str:
    """Returns the page to answer, the same for everyone, so that the link does not reveal who answered."""
    event = row_of(Activity, coalition, number)
    found = feedback_queries.feedback_of(event) if event is not None else None
    token = feedback_queries.public_token(found) if found is not None else None
    return url_for("feedback.show_questions", token=token) if token is not None else _home(coalition, number)


# -- invitations


def _invitations_title(coalition: Coalition, _number: int) -> str | None:
    return coalition.name


def _invitation_words(writer: Membership, _number: int) -> Words:
    name = writer.coalition.name
    asks = _(
        "We'd like you to join %(coalition)s. The link below is for you: it shows who we are, and what we ask.",
        coalition=name,
    )
    return Words(_("Join %(coalition)s", coalition=name), text_of(writer, asks))


def _own_invitation(reader: Reader, _number: int) -> str:
    """Returns the link to join; for someone who is already a member, the coalition's home."""
    row = (
        row_of(Invitation, reader.coalition, reader.invitation_id)
        if reader.invitation_id is not None
        else None
    )
    token = invitations_service.token_of(row) if row is not None else None
    return url_for("join.open_link", token=token) if token else _home(reader.coalition, 0)


def _veiled_invitation(_coalition: Coalition, _number: int) -> str:
    return url_for("join.index") + "/…"


def _invitation_reminder(writer: Membership, _number: int) -> Words:
    name = writer.coalition.name
    asks = _(
        "A while ago we invited you to join %(coalition)s. We'd still love to have you. The link below is for you.",
        coalition=name,
    )
    return Words(_("Your invitation to %(coalition)s", coalition=name), text_of(writer, asks))


# -- announcements


def _announcement_title(coalition: Coalition, number: int) -> str | None:
    row = row_of(Announcement, coalition, number)
    return row.title if row is not None else None


def _announcement_words(writer: Membership, number: int) -> Words:
    row = row_of(Announcement, writer.coalition, number)
    return Words(row.title, text_of(writer, row.text))


def _announcement(coalition: Coalition, number: int) -> str:
    return url_for("announcements.index", slug=coalition.slug, _anchor=f"announcements-{number}")


KINDS: dict[str, Kind] = {
    "home": Kind(_l("the coalition's home page"), lambda coalition, _n: coalition.name, _home_words, _home),
    "meeting": Kind(
        _l("a meeting"), _meeting_title, _meeting_words, _meeting, _reply, _veiled_reply, _calendar
    ),
    "agenda": Kind(
        _l("a meeting"), _meeting_title, _agenda_words, _meeting, _reply, _veiled_reply, _calendar
    ),
    "minutes": Kind(_l("minutes"), _meeting_title, _minutes_words, _minutes),
    "round": Kind(_l("a round to answer"), _round_title, _round_words, _round),
    # Each mail gets its own code. A mail sent by hand to several people would share one, so these people get
    # paper slips.
    "slips": Kind(
        _l("a round to answer, with a code for each person"),
        _slips_title,
        _answer_words,
        lambda _coalition, _number: "",
        _own_slip,
        _veiled_slip,
    ),
    "slips_reminder": Kind(_l("a round to answer"), _slips_title, _reminder_words, _slips_door),
    "open_link": Kind(_l("a round to answer"), _open_link_title, _answer_words, _open_link),
    "invitations": Kind(
        _l("an invitation"),
        _invitations_title,
        _invitation_words,
        lambda _coalition, _number: "",
        own=_own_invitation,
        veiled=_veiled_invitation,
    ),
    "invitations_reminder": Kind(
        _l("an invitation"),
        _invitations_title,
        _invitation_reminder,
        lambda _coalition, _number: "",
        own=_own_invitation,
        veiled=_veiled_invitation,
    ),
    "event": Kind(_l("an event"), _event_title, _event_words, _event, own=_own_signup, veiled=_event),
    "feedback": Kind(_l("feedback on an event"), _event_title, _feedback_words, _feedback),
    "announcement": Kind(_l("an announcement"), _announcement_title, _announcement_words, _announcement),
}
