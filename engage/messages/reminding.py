"""Handles reminders: who has open work, who was reminded, and the text for each."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload

from engage import clock
from engage.checklist import queries as checklist
from engage.checklist.queries import HeldItem
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.coalitions.ready_texts import ReadyText
from engage.database import Selection, along
from engage.dates import day_text
from engage.extensions import db
from engage.home import reminders as reminders_words
from engage.i18n import gettext as _
from engage.messages.models import Told
from engage.plan.actions.queries import waiting
from engage.plan.actions.queries.waiting import WaitingAction
from engage.plan.rules import ActionStatus
from engage.toolkit import queries as toolkit
from engage.toolkit.queries import ReadingTask
from engage.web import links

PEOPLE_MOST = 50
SLIP_LINES = 8


class LastTold(Struct, frozen=True):
    """When a person was last reminded, and by which coordinator.

    `is_mine` means that the reader made this record today and can undo it.
    """

    name: str
    told_on: date
    is_mine: bool


def late_of(
    actions: Sequence[WaitingAction], items: Sequence[HeldItem], reading: Sequence[ReadingTask], today: date
) -> int:
    """Returns how many of these tasks are past their due date."""
    days = [each.due_on for each in actions]
    days += [each.due_on for each in items]
    days += [each.due_on for each in reading]
    return sum(day is not None and day < today for day in days)


class HeldTask(Struct, frozen=True):
    """A person's open work."""

    person: Membership
    actions: list[WaitingAction]
    items: list[HeldItem]
    reading: list[ReadingTask]
    told: LastTold | None

    @property
    def total(self) -> int:
        return len(self.actions) + len(self.items) + len(self.reading)

    @property
    def stuck(self) -> int:
        return sum(action.status is ActionStatus.STUCK for action in self.actions)

    def late(self, today: date) -> int:
        return late_of(self.actions, self.items, self.reading, today)

    @property
    def has_account(self) -> bool:
        return self.person.user_id is not None


class Reminder(Struct, frozen=True):
    """A person's open work as the page shows it, with the text of a reminder."""

    held: HeldTask
    late: int
    told: str
    ready: ReadyText


class ReminderSlip(Struct, frozen=True):
    """A printed strip for one person; `link` and `qr` are empty for a person without an account."""

    name: str
    lines: list[str]
    more: int
    link: str
    qr: str


def everybody(membership: Membership, today: date) -> list[HeldTask]:
    """Returns everyone active who has open work, the most overdue first, in five queries."""
    actions = waiting.everybodys_waiting(membership, today)
    items = checklist.items_waiting_for_everybody(membership)
    reading = toolkit.reading_of_everybody(membership)
    told = _last_told(membership, today)
    keys = actions.keys() | items.keys() | reading.keys()
    found = [
        _held(person, actions, items, reading, told) for person in _people(membership) if person.id in keys
    ]
    # The sort is stable, so people with equal counts stay in order of their names.
    return sorted(found, key=lambda held: -held.late(today))


def of_person(membership: Membership, person: Membership, today: date) -> HeldTask:
    """Returns the open work of this person."""
    return HeldTask(
        person,
        waiting.waiting_for(person, today).shown,
        checklist.items_waiting_for(person),
        toolkit.reading_of(person),
        _last_told(membership, today, person.id).get(person.id),
    )


def _held(
    person: Membership,
    actions: Mapping[int, list[WaitingAction]],
    items: Mapping[int, list[HeldItem]],
    reading: Mapping[int, list[ReadingTask]],
    told: Mapping[int, LastTold],
) -> HeldTask:
    key = person.id
    return HeldTask(person, actions.get(key, []), items.get(key, []), reading.get(key, []), told.get(key))


def _people(membership: Membership) -> list[Membership]:
    rows = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.coalition_id == membership.coalition_id, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    return list(db.session.scalars(rows))


def _last_told(membership: Membership, today: date, person_id: int | None = None) -> dict[int, LastTold]:
    teller = aliased(Membership)
    rows: Selection = (
        sa.select(Told.membership_id, teller.name, Told.told_on, Told.told_by_id)
        .join(teller, along(Told.told_by_id, teller))
        .where(Told.coalition_id == membership.coalition_id)
        .order_by(Told.told_at, Told.id)
    )
    if person_id is not None:
        rows = rows.where(Told.membership_id == person_id)
    # If a person was reminded several times, the last one stays.
    return {
        key: LastTold(name, told_on, told_on == today and by == membership.id)
        for key, name, told_on, by in db.session.execute(rows)
    }


def reminder(sender: Membership, held: HeldTask, today: date) -> Reminder | None:
    """Returns the reminder; None if the person has no open work."""
    ready = reminders_words.reminder(sender, held.person, held.actions, held.items, held.reading, today)
    return Reminder(held, held.late(today), _told_words(held, today), ready) if ready is not None else None


def _told_words(held: HeldTask, today: date) -> str:
    """Returns "Reminded on Nov 20 by Maria Santos." or similar, or that there was no reminder yet."""
    if held.told is None:
        return _("Not reminded yet.")
    day = day_text(held.told.told_on, today)
    return _("Reminded on %(day)s by %(name)s.", day=day, name=held.told.name)


def slips(people: list[HeldTask], today: date) -> list[ReminderSlip]:
    """Returns one slip for each person. All have the same QR code, which opens each reader's own inbox."""
    link = links.external(url_for("messages.index"))
    code = links.qr(link)
    made = []
    for held in people:
        lines = reminders_words.lines(held.actions, held.items, held.reading, today)
        with_account = held.has_account
        made.append(
            ReminderSlip(
                held.person.name,
                lines[:SLIP_LINES],
                max(0, len(lines) - SLIP_LINES),
                link if with_account else "",
                code if with_account else "",
            )
        )
    return made


# -- writes


def mark_told(membership: Membership, person: Membership) -> None:
    """Records that this coordinator reminded the person now; at most one record a day."""
    today, now = clock.today(membership.coalition.time_zone), clock.now()
    again = (
        sa.update(Told)
        .where(Told.membership_id == person.id, Told.told_by_id == membership.id, Told.told_on == today)
        .values(told_at=now)
    )
    if db.session.execute(again).rowcount:  # type: ignore[attr-defined]
        return
    row = Told(
        coalition_id=membership.coalition_id,
        membership_id=person.id,
        told_by_id=membership.id,
        told_on=today,
        told_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        pass  # another request of the coordinator recorded the same


def unmark_told(membership: Membership, person: Membership) -> None:
    """Removes the coordinator's own record of today; older records, and those of others, stay."""
    today = clock.today(membership.coalition.time_zone)
    mine = sa.delete(Told).where(
        Told.coalition_id == membership.coalition_id,
        Told.membership_id == person.id,
        Told.told_by_id == membership.id,
        Told.told_on == today,
    )
    db.session.execute(mine)
