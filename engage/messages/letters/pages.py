"""Builds the pages of letters: the form, the check before sending, a letter that was written, the list."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from engage import clock, tokens
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.ready_texts import MAIL_LONGEST, blind_copy, to_phone
from engage.coalitions.rules import first_name
from engage.messages.letters import links, queries
from engage.messages.letters.audiences import Audience, title_of
from engage.messages.letters.links import About
from engage.messages.letters.models import Letter
from engage.messages.letters.posting import greeted
from engage.messages.letters.queries import Line, Recipient
from engage.messages.letters.rules import PREVIEWS, LetterState, Way, filled
from engage.messages.letters.words import STATE_WORDS, reason


def name_in(text_name: str) -> str:
    return greeted(first_name(text_name) if text_name else "")


def to_all(text: str, coalition: Coalition, about: About) -> str:
    """Returns the text that is the same for everyone, without any name or any person's own link."""
    return filled(text, _("everyone"), about.alike(coalition))


# -- the check before sending


class Preview(Struct, frozen=True):
    """The text as one person will see it."""

    caption: str
    text: str


class Missing(Struct, frozen=True):
    """A person whom the letter does not reach, and the reason."""

    name: str
    why: str


class Check(Struct, frozen=True):
    """The page to read before a letter is sent; `seen` identifies the people that it shows."""

    to: str
    by_mail: int
    ways: list[str]
    missing: list[Missing]
    previews: list[Preview]
    files: list[str]
    seen: str


def check(
    membership: Membership, audience: Audience, people: Sequence[Recipient], about: About, text: str
) -> Check:
    ways = [each.way for each in people]
    coalition = membership.coalition
    return Check(
        to=audience.title,
        by_mail=ways.count(Way.MAIL),
        ways=_ways(ways),
        missing=[Missing(each.name, str(STATE_WORDS[each.state])) for each in people if each.way is Way.NONE],
        previews=_previews(coalition, people, about, text),
        files=[file.name for file in about.files(coalition)],
        seen=seen_of(people),
    )


def _ways(ways: Sequence[Way]) -> list[str]:
    mail, program, phone = (ways.count(way) for way in (Way.MAIL, Way.PROGRAM, Way.PHONE))
    found = {
        ngettext("%(num)s person by e-mail.", "%(num)s people by e-mail.", mail): mail,
        ngettext(
            "%(num)s person by e-mail, from your own program.",
            "%(num)s people by e-mail, from your own program.",
            program,
        ): program,
        ngettext(
            "%(num)s person by text message, from your phone.",
            "%(num)s people by text message, from your phone.",
            phone,
        ): phone,
    }
    return [words for words, count in found.items() if count]


def seen_of(people: Sequence[Recipient]) -> str:
    """Returns a value that changes if other people are reached, or if they are reached in another way."""
    each = sorted(f"{one.membership_id}/{one.invitation_id}/{one.signup_id}/{one.way}" for one in people)
    return tokens.hashed("|".join(each))[:32]


def _as_seen(name: str) -> str:
    return _("As %(name)s will see it", name=name)


def _previews(coalition: Coalition, people: Sequence[Recipient], about: About, text: str) -> list[Preview]:
    found = [
        Preview(_as_seen(each.name or each.address), filled(text, name_in(each.name), about.shown(coalition)))
        for each in people
        if each.way is Way.MAIL
    ][:PREVIEWS]
    if any(each.way is Way.PROGRAM for each in people):
        found.append(Preview(_("As everyone will see it, in one e-mail"), to_all(text, coalition, about)))
    if not found:
        found = [
            Preview(_as_seen(each.name), filled(text, name_in(each.name), about.alike(coalition)))
            for each in people
            if each.way is Way.PHONE
        ][:PREVIEWS]
    return found


# -- a letter that was written


class Portion(Struct, frozen=True):
    """The people who get one mail from a coordinator's own mail program."""

    number: int
    lines: list[Line]
    addresses: str
    mail_url: str
    # If this is true, the text is too long for the link, so people copy it.
    leaves_text_out: bool

    @property
    def ids(self) -> list[int]:
        return [line.id for line in self.lines]

    @property
    def is_sent(self) -> bool:
        return all(line.state is LetterState.SENT for line in self.lines)


class Phone(Struct, frozen=True):
    """A person who gets a text message."""

    line: Line
    sms_url: str

    @property
    def is_sent(self) -> bool:
        return self.line.state is LetterState.SENT


class Refused(Struct, frozen=True):
    """People whom the server refused for one reason."""

    why: str
    names: list[str]


class Sheet(Struct, frozen=True):
    """A letter's page."""

    to: str
    about: str
    # This is the text for everyone, to be sent by hand; empty once the texts were emptied.
    text: str
    mail: list[Line]
    sent: list[Line]
    waiting: list[Line]
    # This is what the server said when it could not accept the waiting letters.
    stalled: str
    failed: list[Refused]
    lost: list[Line]
    portions: list[Portion]
    phones: list[Phone]
    missing: list[Missing]

    @property
    def failed_count(self) -> int:
        return sum(len(each.names) for each in self.failed)

    @property
    def is_going(self) -> bool:
        return bool(self.waiting) and not self.stalled


def sheet(membership: Membership, letter: Letter) -> Sheet:
    now, lines = clock.now(), queries.lines_of(letter)
    coalition = membership.coalition
    about = links.about(coalition, letter.about) or links.about(coalition, "home")
    assert about is not None
    text = to_all(letter.text, coalition, about) if letter.emptied_at is None else ""
    mail = [line for line in lines if line.way is Way.MAIL]
    waits = [
        line
        for line in mail
        if line.state in {LetterState.WAITING, LetterState.CLAIMED} and not line.is_lost(now)
    ]
    apart = {LetterState.NO_ADDRESS, LetterState.STOPPED, LetterState.CANCELED}
    return Sheet(
        to=title_of(membership, letter.audience),
        about=about.title if letter.about else "",
        text=text,
        mail=mail,
        sent=[line for line in mail if line.state is LetterState.SENT],
        waiting=waits,
        stalled=next((line.words for line in waits if line.words), ""),
        failed=_refused(mail),
        lost=[line for line in mail if line.is_lost(now)],
        portions=_portions(lines, letter, text),
        phones=_phones(lines, letter, coalition, about),
        missing=[Missing(line.name, str(STATE_WORDS[line.state])) for line in lines if line.state in apart],
    )


def _refused(mail: Sequence[Line]) -> list[Refused]:
    found: dict[str, list[str]] = {}
    for line in mail:
        if line.state is LetterState.FAILED:
            found.setdefault(reason(line.words), []).append(line.name)
    return [Refused(why, names) for why, names in found.items()]


def _portions(lines: Sequence[Line], letter: Letter, text: str) -> list[Portion]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        if line.way is Way.PROGRAM and line.state in {LetterState.WAITING, LetterState.SENT}:
            found.setdefault(line.portion, []).append(line)
    return [_portion(number, found[number], letter, text) for number in sorted(found)]


def _portion(number: int, lines: list[Line], letter: Letter, text: str) -> Portion:
    addresses = [line.address for line in lines if line.address]
    whole = blind_copy(text, letter.subject, addresses)
    too_long = len(whole) > MAIL_LONGEST
    url = blind_copy("", letter.subject, addresses) if too_long else whole
    return Portion(number, lines, ", ".join(addresses), url, too_long)


def _phones(lines: Sequence[Line], letter: Letter, coalition: Coalition, about: About) -> list[Phone]:
    if letter.emptied_at is not None:
        return []
    return [
        Phone(line, to_phone(filled(letter.text, name_in(line.name), about.alike(coalition)), line.phone))
        for line in lines
        if line.way is Way.PHONE and line.state in {LetterState.WAITING, LetterState.SENT}
    ]


# -- the list


class ListRow(Struct, frozen=True):
    """A letter in the list."""

    url: str
    subject: str
    to: str
    writer: str
    made_at: datetime
    people: int
    sent: int
    waiting: int
    trouble: int


def rows(membership: Membership, found: Sequence[queries.Row]) -> list[ListRow]:
    titles = {key: title_of(membership, key) for key in {each.letter.audience for each in found}}
    return [
        ListRow(
            url_for("letters.letter", letter_id=each.letter.id),
            each.letter.subject or _("The text was deleted after 30 days"),
            titles[each.letter.audience],
            each.writer,
            each.letter.made_at,
            each.people,
            each.sent,
            each.waiting,
            each.trouble,
        )
        for each in found
    ]
