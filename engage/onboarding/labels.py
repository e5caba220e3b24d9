"""Holds the texts of Getting Started: its steps, what completes each, and the links to the work."""

from datetime import date
from typing import Any

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import Stage, Structure
from engage.content import model
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.onboarding.evidence.rules import LineKey, Thresholds
from engage.onboarding.evidence_labels import evidence, evidence_lines
from engage.onboarding.queries import Path
from engage.onboarding.rules import OnboardingStep, StepKey, StepState
from engage.web.lists import NamedLink


class Hint(Struct, frozen=True):
    stage: str
    text: str


class Word(Struct, frozen=True):
    """A declaration that a step is complete; `who` is empty if the reader may not see people."""

    reason: str
    who: str
    day: date


class StepShown(Struct, frozen=True):
    """A step as the page shows it."""

    key: StepKey
    number: int | None
    words: model.Step
    state: StepState
    is_next: bool
    # Whether records can complete the step; otherwise only a coordinator can.
    has_records: bool
    evidence: str
    completes: str
    hints: tuple[Hint, ...]
    link: NamedLink | None
    # Sentences about the records, each with the URL for its part; "" if the whole step has one URL.
    sentences: tuple[NamedLink, ...]
    word: Word | None
    # The number of the step's lines that are met, and of all its lines.
    parts_done: int
    parts: int
    # The URL for declaring the step complete; None if the reader may not, or need not.
    decide_url: str | None

    @property
    def is_quiet(self) -> bool:
        return self.state.is_complete


def shown_steps(membership: Membership, path: Path, *, leads: bool = True) -> list[StepShown]:
    """Returns the steps in order. *Keep it alive* has no number; with `leads`, one step is marked as next."""
    links, places = step_links(membership), line_places(membership)
    decides = may(membership.role, Permission.OVERRIDE_STEPS)
    names = may(membership.role, Permission.SEE_ALL)
    return [
        StepShown(
            key=step.key,
            number=None if step.key is StepKey.KEEP_GOING else position,
            words=(words := content().step(step.key.value)),
            state=step.state,
            is_next=leads and step.key is path.next,
            has_records=bool(step.lines),
            evidence=evidence(step, path.thresholds),
            completes=completes(step.key, path.thresholds),
            hints=_hints(words, membership.coalition),
            link=links.get(step.key),
            sentences=tuple(
                NamedLink(text, places.get(key, "")) for key, text in evidence_lines(step, path.thresholds)
            ),
            word=_word(step, path, names=names),
            parts_done=step.parts_done,
            parts=len(step.lines),
            decide_url=_decide_url(step) if decides else None,
        )
        for position, step in enumerate(path.steps, start=1)
    ]


def _word(step: OnboardingStep, path: Path, *, names: bool) -> Word | None:
    if step.override is None:
        return None
    who = path.deciders.get(step.override.by, "") if names else ""
    return Word(step.override.reason, who, step.override.on)


def _decide_url(step: OnboardingStep) -> str | None:
    """Returns the URL for declaring the step complete, or for removing the declaration.

    If records complete the step, there is nothing to declare, but an earlier declaration can be removed.
    """
    if step.state is StepState.COMPLETE_BY_RECORDS and step.override is None:
        return None
    return url_for("onboarding.decide", key=step.key.value)


def step_links(membership: Membership) -> dict[StepKey, NamedLink]:
    """Returns the URL of each step's work, if this person may open it."""
    places = {
        StepKey.STRATEGY: (_("Read the area pages"), "toolkit.areas", Permission.SEE),
        StepKey.TOOLKIT: (_("Go to the reading list"), "toolkit.index", Permission.SEE),
        StepKey.ASSESS: (_("Go to the assessment"), "assessment.index", Permission.SEE),
        StepKey.STRENGTHS: (_("Go to strengths and needs"), "strengths.needs", Permission.SEE_ALL),
        StepKey.RELATIONSHIPS: (_("Go to the partners"), "partners.index", Permission.SEE),
        StepKey.PLANNING: (_("Go to the meetings"), "meetings.index", Permission.SEE_ALL),
        StepKey.PLAN: (_("Go to the plan of action"), "plan.index", Permission.SEE),
        StepKey.KEEP_GOING: (_("Review the plan"), "plan.review", Permission.SEE),
    }
    return {
        key: NamedLink(label, url_for(endpoint))
        for key, (label, endpoint, permission) in places.items()
        if may(membership.role, permission)
    }


def line_places(membership: Membership) -> dict[LineKey | None, str]:
    """Returns the URLs for the parts of a step that has several pages, if the person may open them."""
    places: dict[LineKey, tuple[str, dict[str, Any], Permission]] = {
        LineKey.CONTACTS: ("partners.index", {"alone": "yes"}, Permission.SEE_ALL),
        LineKey.SECTORS_TALKED: ("partners.index", {}, Permission.SEE),
        LineKey.SECTORS_FILLED: ("partners.coverage", {}, Permission.SEE),
        LineKey.TIPS_LOOKED_AT: ("checklist.index", {}, Permission.SEE),
        LineKey.SESSIONS: ("meetings.index", {}, Permission.SEE_ALL),
        LineKey.SESSION_SECTORS: ("meetings.index", {}, Permission.SEE_ALL),
        LineKey.NEEDS_RATED: ("strengths.needs", {}, Permission.SEE_ALL),
        LineKey.SESSION_DECISIONS: ("meetings.decision_list", {}, Permission.SEE_ALL),
        LineKey.GOALS_MEASURED: ("chain.loose_ends", {"kind": "objective"}, Permission.SEE_ALL),
        LineKey.REVIEW_HELD: ("plan.review", {}, Permission.SEE),
        LineKey.STUCK_DISCUSSED: ("plan.index", {"stuck": 1}, Permission.SEE),
        LineKey.ASSESSMENT_SET: ("assessment.index", {}, Permission.SEE),
    }
    return {
        key: url_for(endpoint, **asked)
        for key, (endpoint, asked, permission) in places.items()
        if may(membership.role, permission)
    }


def _hints(words: model.Step, coalition: Coalition) -> tuple[Hint, ...]:
    """Returns the hints for the coalition's stage, or for both if it has none, and for a task force."""
    stage, task_force = coalition.stage, words.hints.task_force
    is_one = coalition.structure in {Structure.TASK_FORCE, Structure.BOTH}
    more = (Hint(_("For the task force"), task_force),) if is_one and task_force else ()
    new = Hint(_("New coalition"), words.hints.new)
    existing = Hint(_("Existing coalition"), words.hints.existing)
    if stage is None:
        return (new, existing, *more)
    return (Hint(_("Hint"), (new if stage is Stage.NEW else existing).text), *more)


def completes(key: StepKey, thresholds: Thresholds) -> str:
    """Returns what is needed for the step to be complete."""
    match key:
        case StepKey.STRATEGY:
            return ngettext(
                "%(num)s person has read the area pages, and every area has a shared note.",
                "%(num)s people have read the area pages, and every area has a shared note.",
                thresholds.people_read,
            )
        case StepKey.TOOLKIT:
            return ngettext(
                "%(num)s section of the reading list has a reader and a shared note.",
                "%(num)s sections of the reading list have a reader and a shared note.",
                thresholds.sections_noted,
            )
        case StepKey.ASSESS:
            people = ngettext("%(num)s person", "%(num)s people", thresholds.round_people)
            sectors = ngettext("%(num)s sector", "%(num)s sectors", thresholds.round_sectors)
            return _(
                "%(people)s from %(sectors)s answered a round that is now closed, with enough "
                "answers to %(percent)s%% or more of the questions in every area.",
                people=people,
                sectors=sectors,
                percent=thresholds.answered_percent,
            )
        case StepKey.STRENGTHS:
            strengths = ngettext("%(num)s strength", "%(num)s strengths", thresholds.strengths)
            kinds = ngettext("%(num)s kind", "%(num)s kinds", thresholds.strength_kinds)
            needs = ngettext("%(num)s need", "%(num)s needs", thresholds.needs)
            return _(
                "%(strengths)s of %(kinds)s are on the list, and %(needs)s are chosen, each with a match or marked "
                "as without a strength.",
                strengths=strengths,
                kinds=kinds,
                needs=needs,
            )
        case StepKey.RELATIONSHIPS:
            return ngettext(
                "%(num)s organization has a main contact. Every expected sector that has an "
                "organization also has a conversation logged. For every sector without one, someone "
                "will send an invitation by a set date.",
                "%(num)s organizations have a main contact. Every expected sector that has an "
                "organization also has a conversation logged. For every sector without one, someone "
                "will send an invitation by a set date.",
                thresholds.contacts,
            )
        case StepKey.PLANNING:
            sectors = ngettext("%(num)s sector", "%(num)s sectors", thresholds.session_sectors)
            needs = ngettext("%(num)s need", "%(num)s needs", thresholds.needs_rated)
            return _(
                "A planning session is closed, with people from %(sectors)s and a decision written down; importance "
                "and feasibility are set for %(needs)s; and %(percent)s%% of the Tips for Success "
                "items for your stage have a status.",
                sectors=sectors,
                needs=needs,
                percent=thresholds.tips_percent,
            )
        case StepKey.PLAN:
            return _(
                "A plan is adopted. Every goal in it has an objective and a measure, and every objective has an "
                "action with an owner and a due date."
            )
        case StepKey.KEEP_GOING:
            weeks = ngettext("%(num)s week", "%(num)s weeks", thresholds.review_weeks)
            return _(
                "A review of the plan is recorded and the next one, %(weeks)s later or on the day "
                "you set, is not due yet; every stuck action was discussed; the next assessment has "
                "a date. This step repeats for as long as you work together, so it is not counted "
                "with the seven.",
                weeks=weeks,
            )
