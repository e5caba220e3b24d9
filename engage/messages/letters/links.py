"""Defines what a letter can be about, and the link in it. Each kind has an entry.

Other pages link here with `?about=meeting:4`: the kind and the row's number. The form then starts with the
kind's subject and text. To add a kind, add an entry to `KINDS`:

- `title` names the thing, or is None if the coalition has no such row;

- `words` returns the subject and the text to start with;

- `shared_url` returns the URL that is the same for everyone, for letters sent by hand; "" if there is none, so
that only this installation can send such letters;

- `own` returns the URL for one reader. It is called when the letter is sent, in the transaction that claims
it, so that it may draw a code and store its hash;

- `veiled` returns what previews, tests and the queue show instead of `own`;

- `files` returns the attachments, made when the letter is sent.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct

from engage import clock
from engage.accounts.sign_in_links import service as sign_in_links
from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels_service
from engage.assessment.models import Channel, Round
from engage.assessment.respondents import reminding
from engage.assessment.rules import ChannelKind
from engage.coalitions.announcements.models import Announcement
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.extensions import db
from engage.i18n import LazyString
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings import labels as meetings_labels
from engage.meetings import queries as meetings_queries
from engage.meetings.calendar_file import calendar_file
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import Meeting
from engage.meetings.papers.pages import papers
from engage.meetings.replies import links as replies_links
from engage.messages.letters.rules import LINK, NAME, read_key
from engage.plan.activities.calendar_file import event_file
from engage.plan.activities.labels import when_words
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback import queries as feedback_queries
from engage.plan.signups import queries as signups_queries
from engage.plan.signups.models import Signup
from engage.web import links

# A letter about this carries links by which its reader says how each action of theirs is going.
TASKS = "tasks"
# A longer list of agenda lines or decisions would leave no room for the coordinator's own text.
ITEMS_LONGEST = 3000


class Reader(Struct, frozen=True):
    """The person for whom a link is made; exactly one of the three ids is set."""

    coalition: Coalition
    membership_id: int | None
    invitation_id: int | None
    signup_id: int | None = None


class LinkFile(Struct, frozen=True):
    """An attachment; `kind` is a media type such as "text/calendar"."""

    name: str
    kind: str
    content: bytes


class Words(Struct, frozen=True):
    """The subject and text with which a letter starts."""

    subject: str
    text: str


class LinkKind(Struct, frozen=True):
    """A kind of thing that letters are about."""

    said: LazyString
    title: Callable[[Coalition, int], str | None]
    words: Callable[[Membership, int], Words]
    shared_url: Callable[[Coalition, int], str]
    own: Callable[[Reader, int], str] | None = None
    veiled: Callable[[Coalition, int], str] | None = None
    files: Callable[[Coalition, int], list[LinkFile]] | None = None


class LinkAbout(Struct, frozen=True):
    """The thing that one letter is about: its kind, its number and its title."""

    kind: LinkKind
    number: int
    title: str

    def shared_url(self, coalition: Coalition) -> str:
        path = self.kind.shared_url(coalition, self.number)
        return links.external(path) if path else ""

    def shown(self, coalition: Coalition) -> str:
        """Returns the link as previews and tests show it. It never gives access in one person's name."""
        if self.kind.own is None:
            return self.shared_url(coalition)
        veiled = self.kind.veiled or self.kind.shared_url
        return links.external(veiled(coalition, self.number))

    def for_reader(self, reader: Reader) -> str:
        """Returns the link that is sent to this reader.

        If its page needs signing in, it offers the reader a link to do so.
        """
        if self.kind.own is None:
            path = self.kind.shared_url(reader.coalition, self.number)
            account = _account_of(reader) if path.startswith("/c/") else None
            return sign_in_links.address_for(account, path) if account else self.shared_url(reader.coalition)
        return links.external(self.kind.own(reader, self.number))

    def files(self, coalition: Coalition) -> list[LinkFile]:
        return self.kind.files(coalition, self.number) if self.kind.files else []


def _account_of(reader: Reader) -> int | None:
    """Returns the id of the reader's account; None for someone without one."""
    place = sa.select(Membership.user_id).where(Membership.id == reader.membership_id)
    return db.session.scalar(place) if reader.membership_id is not None else None


def about(coalition: Coalition, key: str) -> LinkAbout | None:
    """Returns the thing that a key such as "meeting:4" means; "" means the coalition's home.

    Returns None if there is no such thing.
    """
    name, number = read_key(key or "home")
    kind = KINDS.get(name)
    title = kind.title(coalition, number) if kind is not None else None
    return LinkAbout(kind, number, title) if kind is not None and title is not None else None


def row_of(model: Any, coalition: Coalition, number: int) -> Any:
    """Returns the coalition's row with this number."""
    return db.session.scalar(sa.select(model).where(model.coalition_id == coalition.id, model.id == number))


def text_of(writer: Membership, *paragraphs: str) -> str:
    """Returns a text of these paragraphs, with a greeting before them, and the link and thanks after them."""
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
    """Returns the agenda without people's names, because people without an account read it, too."""
    meeting = row_of(Meeting, writer.coalition, number)
    here = _("Here is the agenda for “%(title)s”.", title=meeting.title)
    paper = papers.agenda_paper(meeting, meetings_queries.agenda_of(meeting), {})
    items = "\n".join(f"{line.begins}  {line.title}" for line in paper.lines)
    parts = [here, _when_and_where(meeting), meeting.about, items[:ITEMS_LONGEST], _asks()]
    subject = _("Agenda: %(title)s", title=meeting.title)
    return Words(subject, text_of(writer, *filter(None, parts)))


def _minutes_words(writer: Membership, number: int) -> Words:
    """Returns the decisions only. The link leads to the whole minutes, for people who sign in."""
    meeting = row_of(Meeting, writer.coalition, number)
    day = meetings_labels.day(meeting.starts_at)
    here = _("Here is what “%(title)s” decided on %(day)s.", title=meeting.title, day=day)
    decided = "\n".join(f"- {each.text}" for each in decisions_service.decisions_of(meeting))
    if not decided:
        here = _("The minutes of “%(title)s” on %(day)s are ready.", title=meeting.title, day=day)
    parts = [here, decided[:ITEMS_LONGEST], _("Full minutes:")]
    return Words(_("Minutes: %(title)s", title=meeting.title), text_of(writer, *filter(None, parts)))


def _asks() -> str:
    return _("Please say here whether you are coming:")


def _when_and_where(meeting: Meeting) -> str:
    when = meetings_labels.when(meeting.starts_at, meeting.minutes)
    return f"{when}\n{meeting.place}" if meeting.place else when


def _meeting(coalition: Coalition, number: int) -> str:
    return url_for("meetings.meeting", slug=coalition.slug, meeting_id=number)


def _minutes(coalition: Coalition, number: int) -> str:
    return url_for("meetings.read_minutes", slug=coalition.slug, meeting_id=number)


def _reply(reader: Reader, number: int) -> str:
    """Returns the URL of the page on which this person answers whether they are coming."""
    meeting = row_of(Meeting, reader.coalition, number)
    if reader.membership_id is None or meeting is None:
        return _meeting(reader.coalition, number)
    return replies_links.path_of(reader.membership_id, meeting)


def _veiled_reply(_coalition: Coalition, _number: int) -> str:
    return "/rsvp/…"


def _calendar(coalition: Coalition, number: int) -> list[LinkFile]:
    meeting = row_of(Meeting, coalition, number)
    # No online link: it is on the page on which people answer, because a mail is easily passed on.
    address = links.external(_meeting(coalition, number))
    text = calendar_file(meeting, address, clock.now(), with_link=False)
    return [LinkFile(f"meeting-{number}.ics", "text/calendar", text.encode())]


# -- rounds


def _round_title(coalition: Coalition, number: int) -> str | None:
    round_ = row_of(Round, coalition, number)
    return round_.title if round_ is not None and round_.is_open else None


def _members_round_title(coalition: Coalition, number: int) -> str | None:
    """Returns None for a round for anyone: its letters are about the open link, which needs no account."""
    round_ = row_of(Round, coalition, number)
    return None if round_ is None or round_.is_for_anyone else _round_title(coalition, number)


def _round_words(writer: Membership, number: int) -> Words:
    round_ = row_of(Round, writer.coalition, number)
    subject, text = reminding.merged(writer, round_, NAME, LINK)
    return Words(subject, text)


def _round(coalition: Coalition, number: int) -> str:
    return url_for("assessment.show_round", slug=coalition.slug, round_id=number)


def _channel(coalition: Coalition, number: int, kind: ChannelKind) -> tuple[Channel, str] | None:
    """Returns the round's link of this kind, if it can be used to answer, and the link's token."""
    round_ = row_of(Round, coalition, number)
    channel = channels_queries.channel_of(round_, kind) if round_ is not None and round_.is_open else None
    token = channels_queries.token_of(channel) if channel is not None else None
    return (channel, token) if channel is not None and token is not None else None


def _slips_title(coalition: Coalition, number: int) -> str | None:
    return _round_title(coalition, number) if _channel(coalition, number, ChannelKind.SLIPS) else None


def _open_link_title(coalition: Coalition, number: int) -> str | None:
    return _round_title(coalition, number) if _channel(coalition, number, ChannelKind.LINK) else None


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
    """Draws a code for this mail. Nothing stores who receives the code."""
    found = _channel(reader.coalition, number, ChannelKind.SLIPS)
    if found is None:
        raise LookupError("the slips of this round are turned off")
    channel, token = found
    return url_for("answer.slip", token=token, code=channels_service.draw_for_mail(channel))


def _veiled_slip(_coalition: Coalition, _number: int) -> str:
    return "/answer/…/…"


def _slips_channel(coalition: Coalition, number: int) -> str:
    found = _channel(coalition, number, ChannelKind.SLIPS)
    return url_for("answer.show_round", token=found[1]) if found else ""


def _open_link(coalition: Coalition, number: int) -> str:
    found = _channel(coalition, number, ChannelKind.LINK)
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
    """Returns the event's public sign-up page, or the coalition's home if the event has none."""
    event = row_of(Activity, coalition, number)
    page = signups_queries.page_of(event) if event is not None else None
    token = signups_queries.public_token(page) if page is not None else None
    return url_for("event.show_event", token=token) if token is not None else _home(coalition, number)


def _own_signup(reader: Reader, number: int) -> str:
    """Returns the page on which this person reads what changed, or cancels."""
    signup = row_of(Signup, reader.coalition, reader.signup_id) if reader.signup_id is not None else None
    token = signups_queries.own_token(signup) if signup is not None else None
    return url_for("event.own_signup", token=token) if token is not None else _event(reader.coalition, number)


def _event_calendar(coalition: Coalition, number: int) -> list[LinkFile]:
    event = row_of(Activity, coalition, number)
    if event.state is not ActivityState.PLANNED:
        return []
    # No online link: it is on each person's own page, because a mail is easily passed on.
    text = event_file(event, links.external(_event(coalition, number)), clock.now(), with_link=False)
    return [LinkFile(f"event-{number}.ics", "text/calendar", text.encode())]


def _feedback_words(writer: Membership, number: int) -> Words:
    event = row_of(Activity, writer.coalition, number)
    asks = _(
        "Please tell us what you think about “%(title)s”. It takes a minute, without an account and without your name:",
        title=event.title,
    )
    return Words(_("Your feedback: %(title)s", title=event.title), text_of(writer, asks))


def _feedback(coalition: Coalition, number: int) -> str:
    """Returns the feedback page. Everyone gets the same link, so that it does not reveal who answered."""
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
    token = invitations_service.mailed_token_of(row) if row is not None else None
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


KINDS: dict[str, LinkKind] = {
    "home": LinkKind(
        _l("the coalition's home page"), lambda coalition, _n: coalition.name, _home_words, _home
    ),
    # The mail also asks about the reader's own actions: see `TASKS`.
    TASKS: LinkKind(_l("the reader's tasks"), lambda coalition, _n: coalition.name, _home_words, _home),
    "meeting": LinkKind(
        _l("a meeting"), _meeting_title, _meeting_words, _meeting, _reply, _veiled_reply, _calendar
    ),
    "agenda": LinkKind(
        _l("a meeting"), _meeting_title, _agenda_words, _meeting, _reply, _veiled_reply, _calendar
    ),
    "minutes": LinkKind(_l("minutes"), _meeting_title, _minutes_words, _minutes),
    "round": LinkKind(_l("a round to answer"), _members_round_title, _round_words, _round),
    # Each mail has its own code. A mail sent by hand to several people would share one code, so these people
    # get printed codes.
    "slips": LinkKind(
        _l("a round to answer, with a code for each person"),
        _slips_title,
        _answer_words,
        lambda _coalition, _number: "",
        _own_slip,
        _veiled_slip,
    ),
    "slips_reminder": LinkKind(_l("a round to answer"), _slips_title, _reminder_words, _slips_channel),
    "open_link": LinkKind(_l("a round to answer"), _open_link_title, _answer_words, _open_link),
    "invitations": LinkKind(
        _l("an invitation"),
        _invitations_title,
        _invitation_words,
        lambda _coalition, _number: "",
        own=_own_invitation,
        veiled=_veiled_invitation,
    ),
    "invitations_reminder": LinkKind(
        _l("an invitation"),
        _invitations_title,
        _invitation_reminder,
        lambda _coalition, _number: "",
        own=_own_invitation,
        veiled=_veiled_invitation,
    ),
    "event": LinkKind(
        _l("an event"), _event_title, _event_words, _event, _own_signup, _event, files=_event_calendar
    ),
    # Someone on the waiting list has nothing to put in a calendar yet.
    "event_waiting": LinkKind(_l("an event"), _event_title, _event_words, _event, _own_signup, _event),
    "feedback": LinkKind(_l("feedback on an event"), _event_title, _feedback_words, _feedback),
    "announcement": LinkKind(_l("an announcement"), _announcement_title, _announcement_words, _announcement),
}
