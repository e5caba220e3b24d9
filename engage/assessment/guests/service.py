"""Starts, resumes, saves and submits a response without an account. No person, address or time is stored with it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, tokens
from engage.assessment import queries as assessment_queries
from engage.assessment.answering.service import hand_in, write_answers
from engage.assessment.channels import service as channels_service
from engage.assessment.channels.queries import code_hash
from engage.assessment.channels.rules import CODE_LENGTH
from engage.assessment.guests import pacing, queries
from engage.assessment.guests.queries import GuestEntrance
from engage.assessment.models import Channel, Guest, Response, Round, Slip
from engage.assessment.rules import ChannelKind, Said
from engage.assessment.service import hold_open
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.browser_values import fresh


class AnswerRefused(StrEnum):
    """The reasons why a person cannot start here."""

    # The code does not belong to this channel.
    UNKNOWN = "unknown"
    # The code has already started a response.
    USED = "used"
    # The link is turned off, or its answers are left out.
    OFF = "off"
    # Many people started from this network address within the hour.
    WAITS = "waits"


class CannotBegin(Exception):
    """No response was started; `why` is the reason to show."""

    def __init__(self, why: AnswerRefused) -> None:
        super().__init__(why)
        self.why = why


def start(
    channel: GuestEntrance, browser: str, sector: str, language: str, code: str, address: str, *, waited: bool
) -> str | None:
    """Starts a response for this browser; returns the code to come back, None if it has started before.

    `language` is that of the questions. `code` is the slip's, which is used up, or "" for an open link.
    `waited` says that the browser has waited for its turn.

    Raises RoundIsClosed and CannotBegin, with nothing written.
    """
    round_ = channel.round
    hold_open(round_)
    if not queries.lets_in_now(channel):
        raise CannotBegin(AnswerRefused.OFF)
    if queries.own_response(round_, browser) is not None:
        return None
    if not waited and not pacing.counted(address):
        raise CannotBegin(AnswerRefused.WAITS)
    channels_service.keep_tally(round_, channel.time_zone)
    try:
        with db.session.begin_nested():
            return _begin(channel, browser, sector, language, code)
    except (IntegrityError, CannotBegin):
        # If the button is pressed twice at once, the second request finds the row that the first one made.
        if queries.own_response(round_, browser) is not None:
            return None
        raise


def _begin(channel: GuestEntrance, browser: str, sector: str, language: str, code: str) -> str:
    round_ = channel.round
    if channel.kind is ChannelKind.SLIPS:
        _spend(channel, code)
    response = Response(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        sector=sector,
        language=language,
        submitted=False,
    )
    db.session.add(response)
    db.session.flush()
    code_back = tokens.readable_token(CODE_LENGTH)
    guest = Guest(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        response_id=response.id,
        kind=channel.kind,
        key_hash=queries.key_hash(browser, round_),
        resume_hash=queries.resume_hash(code_back, round_),
    )
    db.session.add(guest)
    db.session.flush()
    return code_back


def _spend(channel: GuestEntrance, code: str) -> None:
    mine = (Slip.door_id == channel.door_id, Slip.code_hash == code_hash(code))
    spent = sa.update(Slip).where(*mine, Slip.used.is_(False)).values(used=True)
    if db.session.execute(spent.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        there = db.session.scalar(sa.select(Slip.id).where(*mine))
        raise CannotBegin(AnswerRefused.UNKNOWN if there is None else AnswerRefused.USED)


def note_crowd(channel: GuestEntrance) -> None:
    """Records the day on which people had to wait, so that coordinators see it."""
    today = clock.today(channel.time_zone)
    row = db.session.get_one(Channel, channel.door_id)
    if row.crowded_on != today:
        row.crowded_on = today


def own_open(round_: Round, browser: str | None) -> Response:
    """Returns this browser's response; its round cannot be closed until the commit.

    Raises RoundIsClosed, WrongState.
    """
    response = queries.own_open_response(round_, browser)
    if response is None:
        hold_open(round_)
        raise WrongState(_("This browser has not started. Go back to the first page."))
    return response


def save_answers(round_: Round, browser: str | None, said: Mapping[str, Said]) -> Response:
    """Saves answers by indicator key, without a time. Raises RoundIsClosed, WrongState."""
    response = own_open(round_, browser)
    write_answers(response, said, None)
    return response


def submit(round_: Round, browser: str | None, language: str) -> None:
    """Makes the response count. Raises RoundIsClosed, and WrongState while nothing is answered."""
    hand_in(own_open(round_, browser), language)


def take_back(round_: Round, browser: str | None) -> None:
    """Makes the response not count until it is submitted again. Raises RoundIsClosed."""
    response = own_open(round_, browser)
    response.submitted, response.taken_back = False, True


def new_resume_code(round_: Round, browser: str | None) -> str:
    """Returns a new code to come back; the earlier code stops working. Raises RoundIsClosed, WrongState."""
    guest = queries.guest_of(own_open(round_, browser))
    code = tokens.readable_token(CODE_LENGTH)
    guest.resume_hash = queries.resume_hash(code, round_)
    return code


def resume(round_: Round, code: str) -> str | None:
    """Returns a new cookie value that gives access to the response of this code; None if the code is unknown.

    The browser that had the response loses access, since it may be lost.
    """
    guest = queries.guest_by_code(round_, code)
    if guest is None:
        return None
    value = fresh()
    guest.key_hash = queries.key_hash(value, round_)
    return value


def start_over(round_: Round, browser: str | None) -> None:
    """Submits this browser's response, so that the next person can start. A response without answers is deleted.

    A response that was taken back on purpose stays uncounted. Raises RoundIsClosed, WrongState.
    """
    response = own_open(round_, browser)
    if not assessment_queries.answered_keys(response):
        db.session.delete(response)
    elif not response.taken_back:
        hand_in(response, response.language)
