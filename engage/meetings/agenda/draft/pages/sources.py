"""Collects proposals for an agenda: the usual lines for the kind of meeting, and open work in every feature.

It imports features that are above meetings, so only routes may use it. The number of queries is fixed.
"""

from collections.abc import Iterable
from functools import cached_property

from flask import url_for
from msgspec import Struct

from engage import clock
from engage.assessment.languages import as_read
from engage.assessment.models import Round
from engage.assessment.results.labels import RESULT_LABELS, number_words
from engage.assessment.results.queries import agreed, released
from engage.assessment.results.rules.findings import biggest_gaps, most_disagreement
from engage.assessment.results.rules.releases import IndicatorResult, Release
from engage.checklist import queries as checklist
from engage.checklist.queries import OPEN
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.coalitions.rules import Stage, Structure
from engage.content.loader import content
from engage.content.model import AgendaPart, AgendaTemplate, Tip
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.meetings import labels
from engage.meetings.agenda.draft import queries as draft_queries
from engage.meetings.agenda.labels import TITLE_OF_RECRUITMENT, TITLE_OF_SECTOR, TITLES, output_of, title_of
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.agenda.rules.draft import MINUTES, USUAL, Brought, Proposal
from engage.meetings.attendance.queries import missing_sectors
from engage.meetings.models import Meeting
from engage.meetings.rules import Source
from engage.partners.coverage.recruitments.labels import named
from engage.partners.coverage.recruitments.service import RecruitmentLine, open_recruitments
from engage.plan.actions.queries import origins
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.actions.queries.waiting import WaitingAction

# The most characters in a line's title.
_LONGEST = 300


class TipToReview(Struct, frozen=True):
    """A topic of the Tips for Success with its items for the coalition's stage."""

    tip: Tip
    open: tuple[str, ...]
    done: int
    total: int
    url: str


class Sources:
    """Everything that can propose lines for one meeting's draft."""

    def __init__(self, membership: Membership, meeting: Meeting) -> None:
        self.membership = membership
        self.meeting = meeting
        self.today = clock.today(membership.coalition.time_zone)
        # Anything due by the day of the meeting counts as due.
        held_on = clock.local_day(meeting.starts_at, membership.coalition.time_zone)
        self.on = max(self.today, held_on)

    @property
    def template(self) -> AgendaTemplate:
        return content().agenda(self.meeting.kind.value)

    @property
    def stage(self) -> Stage:
        """Returns the stage; a coalition without a stage is treated as a new one."""
        return self.membership.coalition.stage or Stage.NEW

    @property
    def part(self) -> AgendaPart:
        """Returns the whole session if there is enough time for it, else the first of its two parts."""
        lengths = dict(self.template.lengths)
        halves = AgendaPart.FIRST in lengths
        short = 2 * self.meeting.minutes < lengths[AgendaPart.WHOLE] + lengths.get(AgendaPart.FIRST, 0)
        return AgendaPart.FIRST if halves and short else AgendaPart.WHOLE

    def frame(self, stage: Stage, part: AgendaPart) -> list[Proposal]:
        """Returns the usual lines for this kind of meeting."""
        why = str(labels.SOURCE_LABELS[Source.TEMPLATE])
        ranks = ranks_of(self.template)
        return [
            Proposal(
                Source.TEMPLATE,
                title=line.title,
                why=why,
                about=about(AboutKind.BREAK) if line.is_break else template_about(self.template, line.key),
                minutes=line.minutes_in(part) or USUAL,
                output=line.output,
                rank=ranks[template_about(self.template, line.key)],
                is_break=line.is_break,
            )
            for line in self.template.lines_for(stage.value, part)
        ]

    def brought(self) -> list[Brought]:
        """Returns the findings of each source, also of sources without any."""
        return [
            self._carried_over(),
            self._decisions(),
            self._discussion(),
            self._stuck(),
            self._late(),
            self._gaps(),
            self._disagreements(),
            self._agreements(),
            self._recruitments(),
            self._tips(),
        ]

    # -- meetings

    def _carried_over(self) -> Brought:
        last = draft_queries.last_meeting(self.meeting, clock.now())
        if last is None:
            return Brought(Source.CARRIED_OVER, (), 0)
        url = url_for("meetings.meeting", meeting_id=last.id)
        why = _("Not reached at “%(meeting)s”", meeting=labels.titled(last.title, last.starts_at))
        found = tuple(
            self._line(
                Source.CARRIED_OVER,
                title_of(line),
                why,
                about=line.about or about(AboutKind.LINE, line.id),
                url=url,
                minutes=line.minutes or USUAL,
                output=output_of(line),
                carried_from=line.id,
            )
            for line in last.lines
            if line.about != AboutKind.BREAK
        )
        return Brought(Source.CARRIED_OVER, found, len(found), url)

    def _decisions(self) -> Brought:
        rows, total = draft_queries.due_decisions(self.membership, self.on)
        found = tuple(
            self._line(
                Source.DECISION,
                str(TITLES[Source.DECISION]) % {"number": row.number, "text": row.text},
                _("To review on %(day)s", day=long_day(row.review_on)),
                about=about(AboutKind.DECISION, row.number),
            )
            for row in rows
        )
        return Brought(Source.DECISION, found, total)

    # -- the plan

    def _stuck(self) -> Brought:
        waiting = waiting_queries.stuck_actions(self.membership, self.today, draft_queries.FETCHED)
        found = tuple(
            self._action(Source.STUCK_ACTION, row, _("The owner asks for help")) for row in waiting.shown
        )
        return Brought(Source.STUCK_ACTION, found, waiting.total, url_for("plan.index", stuck=1))

    def _late(self) -> Brought:
        waiting = waiting_queries.late_actions(self.membership, self.today, draft_queries.FETCHED)
        found = tuple(
            self._action(Source.LATE_ACTION, row, _("It was due on %(day)s", day=long_day(row.due_on)))
            for row in waiting.shown
            if row.due_on is not None
        )
        return Brought(Source.LATE_ACTION, found, waiting.total, url_for("plan.index", late=1))

    def _action(self, source: Source, row: WaitingAction, why: str) -> Proposal:
        title = str(TITLES[source]) % {"number": row.number, "title": row.title}
        return self._line(source, title, why, about=about(AboutKind.ACTION, row.number))

    # -- the assessment

    @cached_property
    def _latest(self) -> tuple[Round, Release] | None:
        return released.latest_shown(self.membership)

    @property
    def has_results(self) -> bool:
        """Returns whether the latest closed round has results to show."""
        return self._latest is not None and any(row.value is not None for row in self._latest[1].indicators)

    def _discussion(self) -> Brought:
        found = tuple(
            self._line(
                Source.DISCUSSION,
                str(TITLES[Source.DISCUSSION]) % {"title": point.title},
                _("On the discussion list of “%(round)s”", round=point.round_title),
                about=about(AboutKind.INDICATOR, point.round_id, point.indicator),
            )
            for point in agreed.discussion_points(self.membership)
        )
        return Brought(Source.DISCUSSION, found, len(found), url_for("assessment.discussion"))

    def _gaps(self) -> Brought:
        if self._latest is None:
            return Brought(Source.GAP, (), 0)
        round_, release = self._latest
        worked_on = origins.indicators_worked_on(self.membership, round_.id)
        rows = [row for row in biggest_gaps(release, draft_queries.FETCHED) if row.key not in worked_on]
        found = self._indicators(Source.GAP, round_, rows)
        return Brought(Source.GAP, found, len(found), url_for("assessment.results", round_id=round_.id))

    def _disagreements(self) -> Brought:
        """Returns the statements on which ratings differ widely, except those with an agreed value."""
        if self._latest is None:
            return Brought(Source.DISAGREEMENT, (), 0)
        round_, release = self._latest
        rows = [row for row in most_disagreement(release, draft_queries.FETCHED) if row.agreed is None]
        found = self._indicators(Source.DISAGREEMENT, round_, rows)
        url = url_for("assessment.agreement", round_id=round_.id)
        return Brought(Source.DISAGREEMENT, found, len(found), url)

    def _indicators(
        self, source: Source, round_: Round, rows: Iterable[IndicatorResult]
    ) -> tuple[Proposal, ...]:
        questions = as_read(round_.questions)
        found = []
        for row in rows:
            if (pair := questions.find(row.key)) is None:
                continue
            if source is Source.GAP:
                title, why = str(TITLES[source]) % {"title": pair[1].title}, _gap_words(row, round_.title)
            else:
                title, why = (
                    str(TITLES[source]) % {"title": pair[1].title},
                    _apart_words(row, round_.title),
                )
            found.append(self._line(source, title, why, about=about(AboutKind.INDICATOR, round_.id, row.key)))
        return tuple(found)

    # -- partners

    def _agreements(self) -> Brought:
        rows, total = draft_queries.due_agreements(self.membership, self.on)
        found = tuple(
            self._line(
                Source.AGREEMENT,
                str(TITLES[Source.AGREEMENT]) % {"number": row.number, "who": row.organization},
                self._agreement_words(row),
                about=about(AboutKind.AGREEMENT, row.number),
            )
            for row in rows
        )
        return Brought(Source.AGREEMENT, found, total)

    def _agreement_words(self, row: draft_queries.DueAgreement) -> str:
        if row.ends_on is not None and row.ends_on < self.today:
            return _("It ended on %(day)s", day=long_day(row.ends_on))
        if row.notice_on is not None and row.notice_on <= self.on:
            return _("Give notice by %(day)s to end it", day=long_day(row.notice_on))
        if row.review_on is not None and row.review_on <= self.on:
            return _("Its review is due on %(day)s", day=long_day(row.review_on))
        assert row.ends_on is not None
        return _("It ends on %(day)s", day=long_day(row.ends_on))

    def _recruitments(self) -> Brought:
        """Returns open recruitments, then expected sectors without an active member or a recruitment."""
        recruitments = open_recruitments(self.membership)
        coverage, missing = missing_sectors(self.membership)
        names = {sector.key: sector.name for sector in content().sectors}
        found = [
            self._line(
                Source.MISSING_SECTOR,
                str(TITLE_OF_RECRUITMENT) % {"sector": named(recruitment)},
                self._recruitment_words(recruitment),
                about=about(AboutKind.RECRUITMENT, recruitment.id),
            )
            for recruitment in recruitments[: draft_queries.FETCHED]
        ]
        why = _("No one from this sector has been active since %(day)s", day=long_day(coverage.since))
        found += [
            self._line(
                Source.MISSING_SECTOR,
                str(TITLE_OF_SECTOR) % {"sector": names[key]},
                why,
                about=about(AboutKind.SECTOR, key),
            )
            for key in missing
        ]
        url = url_for("partners.coverage")
        return Brought(Source.MISSING_SECTOR, tuple(found), len(recruitments) + len(missing), url)

    def _recruitment_words(self, recruitment: RecruitmentLine) -> str:
        if recruitment.ask_by is None:
            return _("A sector to recruit without a date to ask by")
        whom = recruitment.organization or recruitment.whom
        if whom:
            return _("Ask %(who)s by %(day)s", who=whom, day=long_day(recruitment.ask_by))
        return _("Someone to ask by %(day)s", day=long_day(recruitment.ask_by))

    # -- tips

    @cached_property
    def tips_to_review(self) -> list[TipToReview]:
        """Returns the tips that the template names for the stage, else all tips; each with its open items."""
        known = content()
        keys = self.template.tips_for(self.stage.value) or [tip.key for tip in known.tips]
        states = {key: each.state for key, each in checklist.standings(self.membership).items()}
        base = url_for("checklist.index")
        structure = self.membership.coalition.structure
        return [
            _to_review(known.tip(key), self.stage, structure, states, f"{base}?open={key}#checklist-{key}")
            for key in keys
        ]

    def _tips(self) -> Brought:
        found = tuple(
            self._line(
                Source.TIP,
                str(TITLES[Source.TIP]) % {"tip": each.tip.name},
                ngettext(
                    "%(num)s of its %(total)s items for your stage is not done yet",
                    "%(num)s of its %(total)s items for your stage are not done yet",
                    len(each.open),
                    total=each.total,
                ),
                about=about(AboutKind.TIP, each.tip.key),
                url=each.url,
            )
            for each in self.tips_to_review
            if each.open
        )
        return Brought(Source.TIP, found, len(found), url_for("checklist.index"))

    # -- texts

    def _line(
        self,
        source: Source,
        title: str,
        why: str,
        *,
        about: str,
        url: str | None = None,
        minutes: int | None = None,
        output: str = "",
        carried_from: int | None = None,
    ) -> Proposal:
        return Proposal(
            source,
            title=title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…",
            why=why,
            about=about,
            url=url,
            minutes=MINUTES.get(source, USUAL) if minutes is None else minutes,
            output=output,
            rank=follows(self.template) + 0.5,
            carried_from=carried_from,
        )


def reviewed_at(membership: Membership, meeting: Meeting) -> list[TipToReview]:
    """Returns the tips that the template names for this kind of meeting; none if the meeting is over."""
    sources = Sources(membership, meeting)
    named = meeting.closed_at is None and sources.template.tips_for(sources.stage.value)
    return sources.tips_to_review if named else []


def template_about(template: AgendaTemplate, line: str) -> str:
    """Returns the subject of a usual line, in the form that the database stores."""
    return about(AboutKind.TEMPLATE, template.key, line)


def follows(template: AgendaTemplate) -> float:
    """Returns the position of the usual line after which the proposals from the records come."""
    return ranks_of(template)[template_about(template, template.records_follow)]


def ranks_of(template: AgendaTemplate) -> dict[str, float]:
    """Returns the position of each usual line, by its subject."""
    return {template_about(template, line.key): float(place) for place, line in enumerate(template.lines)}


def _gap_words(row: IndicatorResult, round_title: str) -> str:
    assert row.value is not None and row.word is not None
    return _(
        "%(value)s of 4 (%(word)s) in “%(round)s”, and no action addresses it",
        value=number_words(row.value),
        word=RESULT_LABELS[row.word],
        round=round_title,
    )


def _apart_words(row: IndicatorResult, round_title: str) -> str:
    return _(
        "Answers range from %(lowest)s to %(highest)s in “%(round)s”",
        lowest=row.lowest,
        highest=row.highest,
        round=round_title,
    )


def _to_review(
    tip: Tip, stage: Stage, structure: Structure | None, states: dict[str, ItemState], url: str
) -> TipToReview:
    items = [item for item in tip.items if item.fits(stage.value, structure)]
    counted = [item for item in items if states.get(item.key) is not ItemState.NOT_FOR_US]
    waiting = tuple(item.text for item in counted if states.get(item.key, ItemState.NOT_YET) in OPEN)
    return TipToReview(tip, waiting, len(counted) - len(waiting), len(counted), url)


def nothing_words(source: Source, sources: Sources) -> str:
    """Returns the reason why a source has no findings."""
    if source in {Source.GAP, Source.DISAGREEMENT} and not sources.has_results:
        return _("No round of the assessment is closed yet, so there are no gaps and no differences to show.")
    return {
        Source.CARRIED_OVER: _("Nothing was left over from the last meeting."),
        Source.DECISION: _("No decision is due for review."),
        Source.DISCUSSION: _("No assessment statement is on the discussion list."),
        Source.STUCK_ACTION: _("No action is stuck."),
        Source.LATE_ACTION: _("No action is late."),
        Source.GAP: _("Every gap from the last round has an action."),
        Source.DISAGREEMENT: _("You have agreed on a value wherever answers differed a lot."),
        Source.AGREEMENT: _("No agreement is ending or due for review."),
        Source.MISSING_SECTOR: _("Every expected sector has someone active."),
        Source.TIP: _("Every tip for your stage is done."),
    }[source]
