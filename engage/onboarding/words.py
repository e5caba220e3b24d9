"""Getting Started in words: what the records say of a step, what completes it, and where the work is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import Stage
from engage.content import model
from engage.content.loader import content
from engage.onboarding.queries import Path
from engage.onboarding.rules import Line, LineKey, Step, StepKey, StepState, Thresholds


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Hint:
    stage: str
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A coordinator's word that a step is complete; `who` is empty for those who do not see people."""

    reason: str
    who: str
    day: date


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as the page shows it."""

    key: StepKey
    number: int | None
    words: model.Step
    state: StepState
    is_next: bool
    # Whether records can complete it; where they cannot, a coordinator's word says enough.
    has_records: bool
    evidence: str
    completes: str
    hints: tuple[Hint, ...]
    link: Link | None
    word: Word | None
    # The page on which a coordinator says that it is complete; None for others, or where there is no need.
    decide_url: str | None

    @property
    def is_quiet(self) -> bool:
        return self.state.is_complete


def shown_steps(membership: Membership, path: Path) -> list[StepShown]:
    """The steps in order; *Keep it alive* has no number."""
    links = step_links(membership)
    decides = may(membership.role, Permission.OVERRIDE_STEPS)
    names = may(membership.role, Permission.SEE_ALL)
    return [
        StepShown(
            key=step.key,
            number=None if step.key is StepKey.KEEP_GOING else position,
            words=(words := content().step(step.key.value)),
            state=step.state,
            is_next=step.key is path.next,
            has_records=bool(step.lines),
            evidence=evidence(step, path.thresholds),
            completes=completes(step.key, path.thresholds),
            hints=_hints(words, membership.coalition.stage),
            link=links.get(step.key),
            word=_word(step, path, names=names),
            decide_url=_decide_url(step) if decides else None,
        )
        for position, step in enumerate(path.steps, start=1)
    ]


def _word(step: Step, path: Path, *, names: bool) -> Word | None:
    if step.override is None:
        return None
    who = path.deciders.get(step.override.by, "") if names else ""
    return Word(step.override.reason, who, step.override.on)


def _decide_url(step: Step) -> str | None:
    """Where records complete a step there is nothing to decide, but a word given earlier may be taken back."""
    if step.state is StepState.COMPLETE_BY_RECORDS and step.override is None:
        return None
    return url_for("onboarding.decide", key=step.key.value)


def step_links(membership: Membership) -> dict[StepKey, Link]:
    """Where each step's work is, for pages that exist and that this person may open."""
    places = {
        StepKey.STRATEGY: (_("Read the area pages"), "toolkit.areas", Permission.SEE),
        StepKey.TOOLKIT: (_("Go to the reading list"), "toolkit.index", Permission.SEE),
        StepKey.ASSESS: (_("Go to the assessment"), "assessment.index", Permission.SEE),
        StepKey.STRENGTHS: (_("Go to strengths and needs"), "strengths.needs", Permission.SEE_ALL),
        StepKey.RELATIONSHIPS: (_("Go to the partners"), "partners.index", Permission.SEE),
        StepKey.PLANNING: (_("Go through the Tips for Success"), "checklist.index", Permission.SEE),
        StepKey.PLAN: (_("Go to the plan of action"), "plan.index", Permission.SEE),
        StepKey.KEEP_GOING: (_("Look at the plan of action"), "plan.index", Permission.SEE),
    }
    return {
        key: Link(label, url_for(endpoint))
        for key, (label, endpoint, permission) in places.items()
        if may(membership.role, permission)
    }


def _hints(words: model.Step, stage: Stage | None) -> tuple[Hint, ...]:
    """For the coalition's stage; both while that is not decided."""
    new = Hint(_("New coalition"), words.hints.new)
    existing = Hint(_("Existing coalition"), words.hints.existing)
    if stage is None:
        return (new, existing)
    return (Hint(_("Hint"), (new if stage is Stage.NEW else existing).text),)


def evidence(step: Step, thresholds: Thresholds) -> str:
    """What the records say, with their numbers: a sentence a line."""
    if not step.lines:
        return _("A coordinator marks this step complete, with a sentence that says why.")
    return " ".join(_evidence(step, thresholds))


def _evidence(step: Step, thresholds: Thresholds) -> Iterator[str]:
    numbers = {line.key: line for line in step.lines}
    if step.has_begun and not numbers[LineKey.CLOSED_ROUNDS].have:
        yield _("A round is open. How many answered is shown when it is closed.")
        return
    for line in step.lines:
        # "0 of 0 goals" says less than that there is none.
        if line.key is LineKey.GOALS_WITH_OBJECTIVE and not numbers[LineKey.GOALS].have:
            continue
        if line.key is LineKey.OBJECTIVES_WITH_ACTION and not line.need:
            if numbers[LineKey.GOALS].have:
                yield _("No goal has an objective yet.")
            continue
        # Before enough people answered to say where from, one sentence says how many.
        sectors = numbers.get(LineKey.ROUND_SECTORS)
        if sectors is not None and not sectors.have and line.key in _OF_ANSWERS:
            continue
        yield line_words(line, thresholds)


_OF_ANSWERS = frozenset({LineKey.ROUND_SECTORS, LineKey.AREAS_ANSWERED})


def line_words(line: Line, thresholds: Thresholds) -> str:
    """One line of evidence as a sentence; where more is there than asked for, it says so."""
    have, need = line.have, line.need
    of = _("%(have)s of %(need)s", have=have, need=need)
    more = have > need
    match line.key:
        case LineKey.PEOPLE_READ if more:
            return ngettext(
                "%(have)s people read the area pages; %(num)s is enough.",
                "%(have)s people read the area pages; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.PEOPLE_READ:
            return ngettext(
                "%(of)s person read the area pages.", "%(of)s people read the area pages.", need, of=of
            )
        case LineKey.AREAS_NOTED:
            return _("%(of)s areas have a shared note.", of=of)
        case LineKey.SECTIONS_NOTED if more:
            return ngettext(
                "%(have)s sections have a reader and a shared note; %(num)s is enough.",
                "%(have)s sections have a reader and a shared note; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.SECTIONS_NOTED:
            return ngettext(
                "%(of)s section has a reader and a shared note.",
                "%(of)s sections have a reader and a shared note.",
                need,
                of=of,
            )
        case LineKey.CLOSED_ROUNDS:
            if not have:
                return _("No round is closed yet.")
            return ngettext("%(num)s round is closed.", "%(num)s rounds are closed.", have)
        case LineKey.ROUND_PEOPLE if more:
            return ngettext(
                "%(have)s people answered; %(num)s is enough.",
                "%(have)s people answered; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.ROUND_PEOPLE:
            return ngettext("%(of)s person answered.", "%(of)s people answered.", need, of=of)
        case LineKey.ROUND_SECTORS if more:
            return ngettext(
                "They come from %(have)s sectors; %(num)s is enough.",
                "They come from %(have)s sectors; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.ROUND_SECTORS:
            return ngettext("They come from %(of)s sector.", "They come from %(of)s sectors.", need, of=of)
        case LineKey.AREAS_ANSWERED:
            return _(
                "In %(of)s areas, %(percent)s%% or more of the questions have enough answers to be shown.",
                of=of,
                percent=thresholds.answered_percent,
            )
        case LineKey.STRENGTHS if more:
            return ngettext(
                "%(have)s strengths are on the list; %(num)s is enough.",
                "%(have)s strengths are on the list; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.STRENGTHS:
            return ngettext(
                "%(of)s strength is on the list.", "%(of)s strengths are on the list.", need, of=of
            )
        case LineKey.STRENGTH_KINDS if more:
            return ngettext(
                "They are of %(have)s kinds; %(num)s is enough.",
                "They are of %(have)s kinds; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.STRENGTH_KINDS:
            return ngettext("They are of %(of)s kind.", "They are of %(of)s kinds.", need, of=of)
        case LineKey.NEEDS if more:
            return ngettext(
                "%(have)s needs are chosen; %(num)s is enough.",
                "%(have)s needs are chosen; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.NEEDS:
            return ngettext("%(of)s need is chosen.", "%(of)s needs are chosen.", need, of=of)
        case LineKey.NEEDS_ANSWERED if more:
            return ngettext(
                "%(have)s needs have a match or are marked as without a strength; %(num)s is enough.",
                "%(have)s needs have a match or are marked as without a strength; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.NEEDS_ANSWERED:
            return ngettext(
                "%(of)s need has a match or is marked as without a strength.",
                "%(of)s needs have a match or are marked as without a strength.",
                need,
                of=of,
            )
        case LineKey.CONTACTS if more:
            return ngettext(
                "%(have)s organizations have a main contact; %(num)s is enough.",
                "%(have)s organizations have a main contact; %(num)s are enough.",
                need,
                have=have,
            )
        case LineKey.CONTACTS:
            return ngettext(
                "%(of)s organization has a main contact.",
                "%(of)s organizations have a main contact.",
                need,
                of=of,
            )
        case LineKey.SECTORS_TALKED if not need:
            return _("No expected sector has an organization on the list yet.")
        case LineKey.SECTORS_TALKED:
            return ngettext(
                "In %(of)s sector with an organization, a conversation is logged.",
                "In %(of)s sectors with an organization, a conversation is logged.",
                need,
                of=of,
            )
        case LineKey.SECTORS_FILLED:
            return ngettext(
                "%(of)s expected sector is filled, or somebody invites it by a set day.",
                "%(of)s expected sectors are filled, or somebody invites them by a set day.",
                need,
                of=of,
            )
        case LineKey.ADOPTED_PLAN:
            return _("A plan is adopted.") if have else _("No plan is adopted yet.")
        case LineKey.GOALS:
            if not have:
                return _("No goal is written yet.")
            return ngettext("The plan has %(num)s goal.", "The plan has %(num)s goals.", have)
        case LineKey.GOALS_WITH_OBJECTIVE:
            return ngettext("%(of)s goal has an objective.", "%(of)s goals have an objective.", need, of=of)
        case LineKey.OBJECTIVES_WITH_ACTION:
            return ngettext(
                "%(of)s objective has an action with an owner and a due date.",
                "%(of)s objectives have an action with an owner and a due date.",
                need,
                of=of,
            )


def completes(key: StepKey, thresholds: Thresholds) -> str:
    """What has to be there for the step to be complete."""
    match key:
        case StepKey.STRATEGY:
            return ngettext(
                "%(num)s person has read the area pages, and every area has somebody's shared note.",
                "%(num)s people have read the area pages, and every area has somebody's shared note.",
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
                "A round is closed that %(people)s from %(sectors)s answered, with enough answers to %(percent)s%% "
                "or more of the questions in every area.",
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
                "%(num)s organization has a main contact. In every expected sector that has an organization a "
                "conversation is logged, and for every one that has none somebody is to invite by a set day.",
                "%(num)s organizations have a main contact. In every expected sector that has an organization a "
                "conversation is logged, and for every one that has none somebody is to invite by a set day.",
                thresholds.contacts,
            )
        case StepKey.PLAN:
            return _(
                "A plan is adopted. Every goal in it has an objective, and every objective has an action with an "
                "owner and a due date."
            )
        case StepKey.KEEP_GOING:
            return _("It starts again for as long as you work together, so it is not counted with the seven.")
        case _:
            return _("A coordinator says so in a sentence.")
