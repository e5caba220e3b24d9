"""Turns the evidence of a step of Getting Started into sentences with numbers."""

from collections.abc import Iterator

from engage.dates import long_day
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.onboarding.evidence.rules import EvidenceLine, LineKey, Thresholds
from engage.onboarding.rules import OnboardingStep


def _n(one: str, several: str) -> tuple[str, str]:
    """Marks a singular and plural pair for the translation catalog; `ngettext` gets the number later."""
    return one, several


def evidence(step: OnboardingStep, thresholds: Thresholds) -> str:
    """Returns what the records show, with numbers, one sentence per line."""
    return " ".join(words for _key, words in evidence_lines(step, thresholds))


def evidence_lines(step: OnboardingStep, thresholds: Thresholds) -> list[tuple[LineKey | None, str]]:
    """Returns the sentences, each with its subject; None if a sentence is about the whole step."""
    if not step.lines:
        return [(None, _("A coordinator marks this step complete, with a sentence that says why."))]
    return list(_evidence(step, thresholds))


def _evidence(step: OnboardingStep, thresholds: Thresholds) -> Iterator[tuple[LineKey | None, str]]:
    numbers = {line.key: line for line in step.lines}
    if step.has_begun and not numbers[LineKey.CLOSED_ROUNDS].have:
        yield None, _("A round is open. You will see how many answered when it is closed.")
        return
    for line in step.lines:
        # "There are no goals" is clearer than "0 of 0 goals".
        if line.key in _OF_GOALS and not numbers[LineKey.GOALS].have:
            continue
        if line.key is LineKey.OBJECTIVES_WITH_ACTION and not line.need:
            if numbers[LineKey.GOALS].have:
                yield line.key, _("No goal has an objective yet.")
            continue
        # While too few people answered to show their sectors, one sentence only says how many answered.
        sectors = numbers.get(LineKey.ROUND_SECTORS)
        if sectors is not None and not sectors.have and line.key in _OF_ANSWERS:
            continue
        # Without any session, sentences about its sectors and decisions make no sense.
        if line.key in _OF_SESSION and not numbers[LineKey.SESSIONS].have:
            continue
        yield line.key, line_words(line, thresholds)


_OF_GOALS = frozenset({LineKey.GOALS_WITH_OBJECTIVE, LineKey.GOALS_MEASURED})
_OF_ANSWERS = frozenset({LineKey.ROUND_SECTORS, LineKey.AREAS_ANSWERED})
_OF_SESSION = frozenset({LineKey.SESSION_SECTORS, LineKey.SESSION_DECISIONS})


# Sentences with the needed number, in singular and plural; `%(of)s` becomes "2 of 3".
_OF = {
    LineKey.PEOPLE_READ: _n("%(of)s person read the area pages.", "%(of)s people read the area pages."),
    LineKey.SECTIONS_NOTED: _n(
        "%(of)s section has a reader and a shared note.", "%(of)s sections have a reader and a shared note."
    ),
    LineKey.ROUND_PEOPLE: _n(
        "%(have)s of at least %(num)s person answered.", "%(have)s of at least %(num)s people answered."
    ),
    LineKey.ROUND_SECTORS: _n("They come from %(of)s sector.", "They come from %(of)s sectors."),
    LineKey.STRENGTHS: _n("%(of)s strength is on the list.", "%(of)s strengths are on the list."),
    LineKey.STRENGTH_KINDS: _n("They cover %(of)s kind.", "They cover %(of)s kinds."),
    LineKey.NEEDS: _n("%(of)s need is chosen.", "%(of)s needs are chosen."),
    LineKey.NEEDS_ANSWERED: _n(
        "%(of)s need has a match or is marked as without a strength.",
        "%(of)s needs have a match or are marked as without a strength.",
    ),
    LineKey.CONTACTS: _n(
        "%(of)s organization has a main contact.", "%(of)s organizations have a main contact."
    ),
    LineKey.SECTORS_TALKED: _n(
        "In %(of)s sector with an organization, a conversation is logged.",
        "In %(of)s sectors with an organization, a conversation is logged.",
    ),
    LineKey.SECTORS_FILLED: _n(
        "%(of)s expected sector is filled, or someone will invite it by a set date.",
        "%(of)s expected sectors are filled, or someone will invite them by a set date.",
    ),
    LineKey.TIPS_LOOKED_AT: _n(
        "%(of)s Tips for Success item has a status.",
        "%(of)s Tips for Success items have a status.",
    ),
    LineKey.SESSION_SECTORS: _n(
        "People from %(of)s sector were there.", "People from %(of)s sectors were there."
    ),
    LineKey.NEEDS_RATED: _n(
        "%(of)s need has its importance and feasibility.",
        "%(of)s needs have their importance and feasibility.",
    ),
    LineKey.GOALS_WITH_OBJECTIVE: _n("%(of)s goal has an objective.", "%(of)s goals have an objective."),
    LineKey.GOALS_MEASURED: _n("%(of)s goal has a measure.", "%(of)s goals have a measure."),
    LineKey.STUCK_DISCUSSED: _n(
        "%(of)s stuck action was discussed since it got stuck.",
        "%(of)s stuck actions were discussed since they got stuck.",
    ),
    LineKey.OBJECTIVES_WITH_ACTION: _n(
        "%(of)s objective has an action with an owner and a due date.",
        "%(of)s objectives have an action with an owner and a due date.",
    ),
}
# Sentences for a number that is larger than needed, which say that there is enough.
_ENOUGH = {
    LineKey.PEOPLE_READ: _n(
        "%(have)s people read the area pages; %(num)s is enough.",
        "%(have)s people read the area pages; %(num)s are enough.",
    ),
    LineKey.SECTIONS_NOTED: _n(
        "%(have)s sections have a reader and a shared note; %(num)s is enough.",
        "%(have)s sections have a reader and a shared note; %(num)s are enough.",
    ),
    LineKey.ROUND_PEOPLE: _n(
        "%(have)s people answered; %(num)s is enough.", "%(have)s people answered; %(num)s are enough."
    ),
    LineKey.ROUND_SECTORS: _n(
        "They come from %(have)s sectors; %(num)s is enough.",
        "They come from %(have)s sectors; %(num)s are enough.",
    ),
    LineKey.STRENGTHS: _n(
        "%(have)s strengths are on the list; %(num)s is enough.",
        "%(have)s strengths are on the list; %(num)s are enough.",
    ),
    LineKey.STRENGTH_KINDS: _n(
        "They cover %(have)s kinds; %(num)s is enough.", "They cover %(have)s kinds; %(num)s are enough."
    ),
    LineKey.NEEDS: _n(
        "%(have)s needs are chosen; %(num)s is enough.", "%(have)s needs are chosen; %(num)s are enough."
    ),
    LineKey.NEEDS_ANSWERED: _n(
        "%(have)s needs have a match or are marked as without a strength; %(num)s is enough.",
        "%(have)s needs have a match or are marked as without a strength; %(num)s are enough.",
    ),
    LineKey.CONTACTS: _n(
        "%(have)s organizations have a main contact; %(num)s is enough.",
        "%(have)s organizations have a main contact; %(num)s are enough.",
    ),
    LineKey.TIPS_LOOKED_AT: _n(
        "%(have)s Tips for Success items have a status; %(num)s is enough.",
        "%(have)s Tips for Success items have a status; %(num)s are enough.",
    ),
    LineKey.SESSION_SECTORS: _n(
        "People from %(have)s sectors were there; %(num)s is enough.",
        "People from %(have)s sectors were there; %(num)s are enough.",
    ),
    LineKey.NEEDS_RATED: _n(
        "%(have)s needs have their importance and feasibility; %(num)s is enough.",
        "%(have)s needs have their importance and feasibility; %(num)s are enough.",
    ),
}
# Sentences without a needed number: for none, and for a number.
_COUNTED = {
    LineKey.CLOSED_ROUNDS: (
        _l("No round is closed yet."),
        *_n("%(num)s round is closed.", "%(num)s rounds are closed."),
    ),
    LineKey.SESSIONS: (
        _l("No planning session is closed yet."),
        *_n("%(num)s planning session was held.", "%(num)s planning sessions were held."),
    ),
    LineKey.SESSION_DECISIONS: (
        _l("None of its decisions is written down yet."),
        *_n("%(num)s of its decisions is written down.", "%(num)s of its decisions are written down."),
    ),
    LineKey.GOALS: (
        _l("No goal is written yet."),
        *_n("The plan has %(num)s goal.", "The plan has %(num)s goals."),
    ),
}


def line_words(line: EvidenceLine, thresholds: Thresholds) -> str:
    """Returns a line of evidence as a sentence, which says if there is more than needed."""
    have, need = line.have, line.need
    of = _("%(have)s of %(need)s", have=have, need=need)
    match line.key:
        case LineKey.AREAS_NOTED:
            return _("%(of)s areas have a shared note.", of=of)
        case LineKey.AREAS_ANSWERED:
            return _(
                "In %(of)s areas, %(percent)s%% or more of the questions have enough answers to be shown.",
                of=of,
                percent=thresholds.answered_percent,
            )
        case LineKey.SECTORS_TALKED if not need:
            return _("No expected sector has an organization on the list yet.")
        case LineKey.ADOPTED_PLAN:
            return _("A plan is adopted.") if have else _("No plan is adopted yet.")
        case LineKey.REVIEW_HELD | LineKey.ASSESSMENT_SET:
            return _dated_words(line)
        case key if key in _COUNTED:
            none, one, several = _COUNTED[key]
            return ngettext(one, several, have) if have else str(none)
        case key if have > need and key in _ENOUGH:
            return ngettext(*_ENOUGH[key], need, have=have)
        case key:
            return ngettext(*_OF[key], need, of=of, have=have)


def _dated_words(line: EvidenceLine) -> str:
    """Returns when something that repeats was last done and is next due."""
    last = long_day(line.last_on) if line.last_on is not None else ""
    following = long_day(line.next_on) if line.next_on is not None else ""
    if line.key is LineKey.ASSESSMENT_SET:
        if not following:
            return _("A round is open.") if line.have else _("No date is set for the next assessment.")
        if line.have:
            return _("The next assessment is planned by %(day)s.", day=following)
        return _("The next assessment was planned by %(day)s.", day=following)
    if last and line.have:
        return _(
            "The plan was reviewed on %(last)s; the next review is due by %(day)s.", last=last, day=following
        )
    if last:
        return _(
            "The plan was reviewed on %(last)s; the next review was due by %(day)s.", last=last, day=following
        )
    if following:
        return _("The plan has not been reviewed yet. First review: by %(day)s.", day=following)
    return _("The plan has not been reviewed yet.")
