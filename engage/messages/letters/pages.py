"""Builds the pages of letters: the form, the check before sending, one letter, and the list."""

from collections.abc import Sequence

from msgspec import Struct

from engage import clock, tokens
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.ready_texts import MAIL_LONGEST, blind_copy, to_phone
from engage.coalitions.rules import first_name
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.messages.letters import links, queries
from engage.messages.letters.audiences import LetterAudience, title_of
from engage.messages.letters.labels import STATE_LABELS, reason
from engage.messages.letters.links import LinkAbout
from engage.messages.letters.models import Letter
from engage.messages.letters.posting import greeted
from engage.messages.letters.queries import LetterLine, Recipient
from engage.messages.letters.rules import PREVIEWS, LetterState, Way, filled


def name_in(text_name: str) -> str:
    return greeted(first_name(text_name) if text_name else "")


def to_all(text: str, coalition: Coalition, about: LinkAbout) -> str:
    """Returns the text for everyone, without a name or a link for one person."""
    return filled(text, _("everyone"), about.shared_url(coalition))


# -- the check before sending


class LetterPreview(Struct, frozen=True):
    """The letter as one recipient will see it."""

    caption: str
    text: str


class Missing(Struct, frozen=True):
    """A person whom the letter does not reach, and the reason."""

    name: str
    why: str


class Check(Struct, frozen=True):
    """The check before sending; `seen` is a fingerprint of the recipients that it shows."""

    to: str
    by_mail: int
    ways: list[str]
    missing: list[Missing]
    previews: list[LetterPreview]
    files: list[str]
    seen: str


def check(
    membership: Membership, audience: LetterAudience, people: Sequence[Recipient], about: LinkAbout, text: str
) -> Check:
    ways = [each.way for each in people]
    coalition = membership.coalition
    return Check(
        to=audience.title,
        by_mail=ways.count(Way.MAIL),
        ways=_ways(ways),
        missing=[
            Missing(each.name, str(STATE_LABELS[each.state])) for each in people if each.way is Way.NONE
        ],
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
    """Returns a fingerprint of the recipients, and of how each is reached."""
    each = sorted(f"{one.membership_id}/{one.invitation_id}/{one.signup_id}/{one.way}" for one in people)
    return tokens.hashed("|".join(each))[:32]


def _as_seen(name: str) -> str:
    return _("As %(name)s will see it", name=name)


def _previews(
    coalition: Coalition, people: Sequence[Recipient], about: LinkAbout, text: str
) -> list[LetterPreview]:
    found = [
        LetterPreview(
            _as_seen(each.name or each.address), filled(text, name_in(each.name), about.shown(coalition))
        )
        for each in people
        if each.way is Way.MAIL
    ][:PREVIEWS]
    if any(each.way is Way.PROGRAM for each in people):
        found.append(
            LetterPreview(_("As everyone will see it, in one e-mail"), to_all(text, coalition, about))
        )
    if not found:
        found = [
            LetterPreview(_as_seen(each.name), filled(text, name_in(each.name), about.shared_url(coalition)))
            for each in people
            if each.way is Way.PHONE
        ][:PREVIEWS]
    return found


# -- one letter


class Portion(Struct, frozen=True):
    """The people who get one mail from a coordinator's own mail program."""

    number: int
    lines: list[LetterLine]
    addresses: str
    mail_url: str
    # True if the text is too long for a mail link, so that people copy it.
    leaves_text_out: bool

    @property
    def ids(self) -> list[int]:
        return [line.id for line in self.lines]

    @property
    def is_sent(self) -> bool:
        return all(line.state is LetterState.SENT for line in self.lines)


class LetterPhone(Struct, frozen=True):
    """A person who gets the letter as a text message."""

    line: LetterLine
    sms_url: str

    @property
    def is_sent(self) -> bool:
        return self.line.state is LetterState.SENT


class LetterRefused(Struct, frozen=True):
    """People whose letter was not sent, for one reason."""

    why: str
    names: list[str]


class LetterSheet(Struct, frozen=True):
    """A letter's page."""

    to: str
    about: str
    # The text to send by hand; empty after the letter's text was deleted.
    text: str
    mail: list[LetterLine]
    sent: list[LetterLine]
    waiting: list[LetterLine]
    # The mail server's answer, if it could not accept the waiting letters.
    stalled: str
    failed: list[LetterRefused]
    lost: list[LetterLine]
    portions: list[Portion]
    phones: list[LetterPhone]
    missing: list[Missing]

    @property
    def failed_count(self) -> int:
        return sum(len(each.names) for each in self.failed)

    @property
    def is_going(self) -> bool:
        return bool(self.waiting) and not self.stalled


def sheet(membership: Membership, letter: Letter) -> LetterSheet:
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
    return LetterSheet(
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
        missing=[Missing(line.name, str(STATE_LABELS[line.state])) for line in lines if line.state in apart],
    )


def _refused(mail: Sequence[LetterLine]) -> list[LetterRefused]:
    found: dict[str, list[str]] = {}
    for line in mail:
        if line.state is LetterState.FAILED:
            found.setdefault(reason(line.words), []).append(line.name)
    return [LetterRefused(why, names) for why, names in found.items()]


def _portions(lines: Sequence[LetterLine], letter: Letter, text: str) -> list[Portion]:
    found: dict[int, list[LetterLine]] = {}
    for line in lines:
        if line.way is Way.PROGRAM and line.state in {LetterState.WAITING, LetterState.SENT}:
            found.setdefault(line.portion, []).append(line)
    return [_portion(number, found[number], letter, text) for number in sorted(found)]


def _portion(number: int, lines: list[LetterLine], letter: Letter, text: str) -> Portion:
    addresses = [line.address for line in lines if line.address]
    whole = blind_copy(text, letter.subject, addresses)
    too_long = len(whole) > MAIL_LONGEST
    url = blind_copy("", letter.subject, addresses) if too_long else whole
    return Portion(number, lines, ", ".join(addresses), url, too_long)


def _phones(
    lines: Sequence[LetterLine], letter: Letter, coalition: Coalition, about: LinkAbout
) -> list[LetterPhone]:
    if letter.emptied_at is not None:
        return []
    return [
        LetterPhone(
            line, to_phone(filled(letter.text, name_in(line.name), about.shared_url(coalition)), line.phone)
        )
        for line in lines
        if line.way is Way.PHONE and line.state in {LetterState.WAITING, LetterState.SENT}
    ]


# -- the list of letters


def titles(membership: Membership, found: Sequence[queries.LetterRow]) -> dict[str, str]:
    """Returns the names of the letters' audiences, by their keys."""
    return {key: title_of(membership, key) for key in {each.letter.audience for each in found}}
