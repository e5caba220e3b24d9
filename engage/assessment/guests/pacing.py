"""Slows a flood of new responses from one network address. No one is refused, and saving answers is never slowed.

The address is stored as a keyed hash with a key of the day, counted by the hour and deleted within a day;
nothing links it to a response. A person who has to wait gets a place in the line, which is signed and valid
for one browser.
"""

from datetime import datetime
from math import ceil

from flask import current_app
from itsdangerous import BadSignature, Signer

from engage import clock, tokens
from engage.assessment.channels.rules import STARTS_AN_HOUR, WAIT, WAIT_KEPT, hour_of
from engage.assessment.channels.service import forget_addresses
from engage.assessment.models import StartCount
from engage.database import insert
from engage.extensions import db


def counted(address: str) -> bool:
    """Counts one more start from this network address; returns whether the response may start right away.

    The count is part of the transaction that starts the response, so that a start that has to wait is not
    counted.
    """
    hour = hour_of(clock.now())
    forget_addresses(hour)
    key = _key(address, hour)
    new = insert(StartCount, db.engine.dialect.name).values(key=key, hour=hour, starts=1)
    more = new.on_conflict_do_update(index_elements=["key"], set_={"starts": StartCount.starts + 1})
    starts = db.session.scalar(more.returning(StartCount.starts)) or 0
    return not current_app.config["LIMITS"] or starts <= STARTS_AN_HOUR


def _key(address: str, hour: datetime) -> str:
    secret = current_app.config["SECRET_KEY"]
    of_the_day = tokens.keyed(secret, "answer starts", hour.date().isoformat())
    return tokens.keyed(of_the_day, "address", f"{hour.hour}|{address}")


def place_in_line(browser: str) -> str:
    """Returns the signed token with which this browser may start in a minute."""
    return _signer().sign(f"{browser}|{int(clock.now().timestamp())}").decode()


def seconds_left(place: str, browser: str) -> int | None:
    """Returns how long this place in the line has to wait, 0 if it may start; None if it is another browser's."""
    try:
        owner, _sign, since = _signer().unsign(place).decode().rpartition("|")
    except (BadSignature, UnicodeDecodeError):
        return None
    waited = clock.now().timestamp() - int(since)
    if owner != browser or waited > WAIT_KEPT.total_seconds():
        return None
    return max(0, ceil(WAIT.total_seconds() - waited))


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="answer-line")
