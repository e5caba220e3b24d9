"""The sample coalition's meetings: two that were held and closed, and the next one with its agenda."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engage.assessment.models import Round
from engage.content.loader import content
from engage.content.model import AgendaPart
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.agenda_about import AboutKind, about
from engage.meetings.agenda_draft import MINUTES, USUAL
from engage.meetings.attendance import persons_sector
from engage.meetings.models import AgendaItem, Attendance, Decision, Meeting, Prepared
from engage.meetings.moments import local_day, moment_of
from engage.meetings.rules import MeetingKind, Mode, Outcome, Source
from engage.partners.models import Affiliation, Organization
from engage.plan.models import Action, Plan

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_meetings(sample: "Sample") -> None:
    """The meetings alone, so that agreed values, votes and the plan can name them."""
    for values in sample.source["meetings"]:
        day = sample.day(values["days"])
        assert day is not None
        starts = moment_of(day, time.fromisoformat(values["at"]), sample.coalition.time_zone)
        ends = starts + timedelta(minutes=values["minutes"])
        sample.meetings[values["key"]] = sample.add(
            Meeting,
            kind=MeetingKind(values["kind"]),
            title=values["title"],
            starts_at=starts,
            minutes=values["minutes"],
            place=values["place"],
            link=values.get("link", ""),
            about=values.get("about", ""),
            created_at=sample.moment(values["days"] - 20),
            created_by_id=sample.people["maria"].id,
            closed_at=ends + timedelta(hours=15) if "closed" in values else None,
        )


def record_meetings(sample: "Sample", rounds: Mapping[str, Round]) -> None:
    """Their agendas, who came, what was said and decided; after the plan, which they lead to."""
    recorder = _Recorder(sample, rounds)
    for values in sample.source["meetings"]:
        recorder.record(sample.meetings[values["key"]], values)
    plan = db.session.scalars(sa.select(Plan).where(Plan.coalition_id == sample.coalition.id)).one()
    plan.meeting_id = sample.meetings["planning"].id
    db.session.flush()


class _Recorder:
    """Knows the lines and decisions that later meetings come back to."""

    def __init__(self, sample: "Sample", rounds: Mapping[str, Round]) -> None:
        self.sample, self.rounds = sample, rounds
        self.items: dict[str, AgendaItem] = {}
        self.decisions: list[Decision] = []

    def record(self, meeting: Meeting, values: Mapping[str, Any]) -> None:
        for position, line in enumerate(values["lines"], start=1):
            item = self._item(meeting, line, position)
            self.items[line.get("usual") or line.get("key", "")] = item
        for mode in Mode:
            for key in values.get(mode.value, ()):
                self._came(meeting, key, mode)
        for guest in values.get("guests", ()):
            organization = self.sample.organizations[guest["organization"]]
            self._attendance(meeting, organization, organization.sector, guest=guest["name"])
        for key in values.get("before", ()):
            self.sample.add(
                Prepared,
                meeting_id=meeting.id,
                key=key,
                done_at=self.sample.moment(min(values["days"] - 4, -1)),
                done_by_id=self.sample.people["grace"].id,
            )
        for decision in values.get("decisions", ()):
            self._decide(meeting, decision)
        if meeting.closed_at is not None:
            self.sample.add(
                HistoryEntry,
                happened_at=meeting.closed_at,
                actor_id=self.sample.people["maria"].id,
                thing=Meeting.__tablename__,
                thing_id=meeting.id,
                field="closed",
            )

    def _item(self, meeting: Meeting, line: Mapping[str, Any], position: int) -> AgendaItem:
        outcome = line.get("outcome", "open" if meeting.closed_at is None else "done")
        return self.sample.add(
            AgendaItem,
            meeting_id=meeting.id,
            position=position,
            created_by_id=self.sample.people["maria"].id,
            notes=line.get("notes", ""),
            outcome=Outcome(outcome),
            lead_id=self.sample.people[line["lead"]].id if "lead" in line else None,
            **{**self._origin(meeting, line), **({"minutes": line["minutes"]} if "minutes" in line else {})},
        )

    def _origin(self, meeting: Meeting, line: Mapping[str, Any]) -> dict[str, Any]:
        """Title, minutes and where it came from, as drafting the agenda would fill them."""
        if usual := line.get("usual"):
            template = content().agenda(meeting.kind.value)
            found = next(each for each in template.lines if each.key == usual)
            kind = (
                about(AboutKind.BREAK) if found.is_break else about(AboutKind.TEMPLATE, template.key, usual)
            )
            return {
                "title": found.title,
                "output": found.output,
                "minutes": found.minutes_in(AgendaPart.WHOLE) or USUAL,
                "source": Source.TEMPLATE,
                "about": kind,
            }
        if carried := line.get("carried"):
            old = self.items[carried]
            return {
                "title": old.title,
                "output": old.output,
                "source": Source.CARRIED_OVER,
                "about": about(AboutKind.LINE, old.id),
                "carried_from_id": old.id,
            }
        source = Source(line.get("source", "hand"))
        named = {"source": source, "minutes": MINUTES.get(source, USUAL), "output": line.get("output", "")}
        if number := line.get("decision"):
            decision = self.decisions[number - 1]
            title = f"Decision {number}: {decision.text}"
            return {**named, "title": title, "about": about(AboutKind.DECISION, number)}
        if wanted := line.get("action"):
            action = self._action(wanted)
            return {
                **named,
                "title": f"Action {action.number}: {wanted}",
                "about": about(AboutKind.ACTION, action.number),
            }
        if indicator := line.get("indicator"):
            named["about"] = about(AboutKind.INDICATOR, self.rounds["closed"].id, indicator)
        return {**named, "title": line["title"]}

    def _action(self, title: str) -> Action:
        return db.session.scalars(
            sa.select(Action).where(Action.coalition_id == self.sample.coalition.id, Action.title == title)
        ).one()

    def _came(self, meeting: Meeting, key: str, mode: Mode) -> None:
        person = self.sample.people[key]
        origin = db.session.scalars(
            sa.select(Affiliation).where(Affiliation.membership_id == person.id)
        ).one()
        organization = (
            db.session.get(Organization, origin.organization_id) if origin.organization_id else None
        )
        sector = organization.sector if organization is not None else origin.sector or ""
        self._attendance(meeting, organization, sector, membership_id=person.id, mode=mode)

    def _attendance(
        self, meeting: Meeting, organization: Organization | None, sector: str, **who: Any
    ) -> None:
        self.sample.add(
            Attendance,
            meeting_id=meeting.id,
            organization_id=organization.id if organization is not None else None,
            sector=persons_sector(sector),
            **who,
        )

    def _decide(self, meeting: Meeting, values: Mapping[str, Any]) -> None:
        decision = self.sample.add(
            Decision,
            number=len(self.decisions) + 1,
            meeting_id=meeting.id,
            item_id=self.items[values["line"]].id,
            text=values["text"],
            owner_id=self.sample.people[values["owner"]].id,
            review_on=self.sample.day(values.get("review")),
            decided_on=local_day(meeting.starts_at, self.sample.coalition.time_zone),
        )
        self.decisions.append(decision)
        if title := values.get("action"):
            self._action(title).decision_id = decision.id
