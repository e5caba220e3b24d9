"""Returns the texts of the chain: how people rated a question, who does what by when, and the latest result."""

from datetime import date

from flask import url_for

from engage.assessment.results.labels import difference_words, number_words
from engage.assessment.results.sentences import LOW, rated
from engage.chain.rules import ActionFact, ChainIdea, MatchFact
from engage.content.loader import content
from engage.dates import day_text
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.labels import STATUS_LABELS
from engage.plan.measures.labels import number_words as measured
from engage.plan.measures.labels import toward_words
from engage.plan.measures.rules import MeasureFact
from engage.plan.rules import ActionStatus
from engage.strengths.needs.gaps import ShownRound


def because(shown: ShownRound, indicator: str) -> str:
    """Returns "6 of 9 rated “Beds for boys” 0 or 1 (Round 2026)" if at least half did; else the round's result."""
    question, line = shown.question(indicator), shown.line(indicator)
    values = {"title": question.title if question is not None else indicator, "round": shown.title}
    if line is not None and line.agreed is not None:
        agreed = number_words(line.agreed)
        return _("“%(title)s” is at %(value)s of 4, as agreed (%(round)s)", value=agreed, **values)
    low, total = rated(line, LOW) if line is not None else (0, 0)
    if 2 * low >= total > 0:
        return ngettext(
            "%(num)s of %(total)s rated “%(title)s” 0 or 1 (%(round)s)",
            "%(num)s of %(total)s rated “%(title)s” 0 or 1 (%(round)s)",
            low,
            total=total,
            **values,
        )
    if line is not None and line.value is not None:
        middle = number_words(line.value)
        return _("“%(title)s” has a median rating of %(value)s of 4 (%(round)s)", value=middle, **values)
    return _("“%(title)s” was asked about (%(round)s)", **values)


def since(own: ShownRound, later: ShownRound, indicator: str) -> str:
    """Returns "Round 2027: 3 of 9 rated it 0 or 1, up 0.5" for the same question in a later round."""
    before, after = own.line(indicator), later.line(indicator)
    if after is None or after.value is None:
        return _("%(round)s: too few ratings to show", round=later.title)
    low, total = rated(after, LOW)
    if after.agreed is not None or not total:
        said = _("%(round)s: %(value)s of 4", round=later.title, value=number_words(after.value))
    else:
        said = _("%(round)s: %(low)s of %(total)s rated it 0 or 1", round=later.title, low=low, total=total)
    if before is None or before.value is None:
        return said
    return _("%(said)s, %(moved)s", said=said, moved=difference_words(round(after.value - before.value, 1)))


def idea_words(idea: ChainIdea) -> str:
    """Returns a text that says where an idea was noted."""
    if idea.section:
        return _("An idea from the reading list")
    area = next((each.short for each in content().areas if each.key == idea.area), "")
    return _("An idea on %(area)s", area=area) if area else _("An idea from Learn")


def offers(match: MatchFact, names: bool) -> str:
    """Returns "Grace Church can offer: Host families"; if names are left out, only what a person offers."""
    giver = match.organization or (match.giver if names else "")
    if giver:
        return _("%(who)s can offer: %(what)s", who=giver, what=match.strength)
    return _("Strength: %(what)s", what=match.strength)


def who(action: ActionFact, names: bool) -> str:
    """Returns who leads the action; if names are left out, the organization."""
    if names:
        return action.owner or action.organization
    return action.organization


def status_label(action: ActionFact, today: date) -> str:
    """Returns an action's status with its date, such as "Under way, due May 12" or "Done May 3"."""
    said = str(STATUS_LABELS[action.status])
    if action.done_on is not None:
        return _("%(status)s %(day)s", status=said, day=day_text(action.done_on, today))
    if action.due_on is not None and action.status is not ActionStatus.NO_LONGER_NEEDED:
        return _("%(status)s, due %(day)s", status=said, day=day_text(action.due_on, today))
    return said


def reading(measure: MeasureFact, today: date) -> str:
    """Returns a measure's name and latest reading: "Empty nights: 9 a month on May 3 (11 at the start, target 2)"."""
    latest, start = measure.latest, measure.course.baseline
    assert latest is not None
    now, target = toward_words(measure, latest.value)
    day = day_text(latest.day, today)
    if latest.value is None:  # a small count, which not everyone may read
        return _("%(title)s: %(now)s (%(day)s)", title=measure.title, now=now, day=day)
    notes = []
    if start is not None and start.value is not None:
        notes.append(_("%(start)s at the start", start=measured(start.value, measure.number)))
    if target:
        notes.append(_("target %(target)s", target=target))
    said = _("%(title)s: %(now)s on %(day)s", title=measure.title, now=now, day=day)
    return _("%(said)s (%(notes)s)", said=said, notes=", ".join(notes)) if notes else said


def results_url(shown: ShownRound, indicator: str) -> str | None:
    """Returns the address of the page that shows a question's results."""
    for area in shown.questions.areas:
        if any(each.key == indicator for each in area.questions):
            return url_for("assessment.area_results", round_id=shown.id, key=area.key, _anchor=indicator)
    return None
