"""Writes sentences about a closed round: its headline and what stands out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from msgspec import Struct

from engage.assessment.questions import Question, QuestionArea
from engage.assessment.results.labels import (
    RESULT_LABELS,
    group_name,
    language_name,
    level_words,
    number_words,
)
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules import findings
from engage.assessment.results.rules.releases import AreaResult, IndicatorResult, word_for
from engage.assessment.rules import BroughtIn
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.web.labels import listed

# Ratings at the first two levels say that something is missing; those at the second two, that it is there.
LOW = (0, 1)
HIGH = (3, 4)
# How many findings the round's page shows; the area's page shows them all.
SHOWN = 5


class AreaMedian(Struct, frozen=True):
    """A focus area and its number for All."""

    area: str
    number: str


class ResultFinding(Struct, frozen=True):
    """An indicator that stands out, with the sentence about it."""

    area: QuestionArea
    question: Question
    detail: str


def weakest(results: Results) -> AreaMedian | None:
    return _standing(results, findings.lowest_area(results.release))


def strongest(results: Results) -> AreaMedian | None:
    """Returns the strongest area; None if it is also the weakest, that is, if only one area has a number."""
    highest = _standing(results, findings.highest_area(results.release))
    return None if highest == weakest(results) else highest


def biggest_gap(results: Results) -> str | None:
    """Returns a sentence on how many people rated the weakest indicator 0 or 1; None if no one did."""
    lines = findings.biggest_gaps(results.release, 1)
    low, total = rated(lines[0], LOW) if lines else (0, 0)
    if not low:
        return None
    title = results.question(lines[0].key)[1].title
    return _("%(low)s of %(total)s rated “%(title)s” 0 or 1.", low=low, total=total, title=title)


def gaps(results: Results) -> list[ResultFinding]:
    return _findings(results, findings.biggest_gaps(results.release, SHOWN), low_sentence)


def strengths(results: Results) -> list[ResultFinding]:
    return _findings(results, findings.greatest_strengths(results.release, SHOWN), high_sentence)


def disagreements(results: Results) -> list[ResultFinding]:
    return _findings(results, findings.most_disagreement(results.release, SHOWN), apart_sentence)


def unknowns(results: Results, here: Collection[str]) -> list[ResultFinding]:
    """Returns what most people did not know; `here` are the disciplines that the coalition's people have."""

    def sentence(results: Results, line: IndicatorResult) -> str:
        asked = who_may_know(results, results.question(line.key)[1], here)
        return " ".join([dont_know_sentence(line), *asked])

    return _findings(results, findings.most_unknown(results.release, SHOWN), sentence)


def value_sentence(results: Results, line: IndicatorResult) -> str:
    """Returns a sentence on the number for All and its basis; for an agreed value also on the median it replaces."""
    if line.agreed is None:
        return _middle_sentence(results, line)
    said = _(
        "Agreed value %(value)s of 4 (%(word)s).",
        value=number_words(line.agreed),
        word=RESULT_LABELS[word_for(line.agreed)],
    )
    return f"{said} {_middle_sentence(results, line)}".strip()


def _middle_sentence(results: Results, line: IndicatorResult) -> str:
    """Returns a sentence on the median of All, even if a value was agreed; empty if the median is not shown."""
    if line.all is None:
        return ""
    if line.by_link and not results.round.is_from_a_file:
        return _(
            "Median rating %(value)s of 4 (%(word)s), from %(n)s people, all through the open link.",
            n=line.all.n,
            value=number_words(line.all.value),
            word=RESULT_LABELS[line.all.word],
        )
    return _(
        "Median rating %(value)s of 4 (%(word)s), from %(n)s people.",
        n=line.all.n,
        value=number_words(line.all.value),
        word=RESULT_LABELS[line.all.word],
    )


def low_sentence(results: Results, line: IndicatorResult) -> str:
    return _levels_first(results, line, LOW)


def high_sentence(results: Results, line: IndicatorResult) -> str:
    return _levels_first(results, line, HIGH)


def _levels_first(results: Results, line: IndicatorResult, levels: tuple[int, int]) -> str:
    """Returns, for example, that 9 of 14 people rated it 0 or 1, then the sentence on the number for All."""
    said, (count, total) = value_sentence(results, line), rated(line, levels)
    if not count:
        return said
    first, second = (level_words(level, results.questions.scale) for level in levels)
    these = ngettext(
        "%(num)s of %(total)s rated it %(first)s or %(second)s.",
        "%(num)s of %(total)s rated it %(first)s or %(second)s.",
        count,
        total=total,
        first=first,
        second=second,
    )
    return f"{these} {said}"


def apart_sentence(results: Results, line: IndicatorResult) -> str:
    said = value_sentence(results, line)
    if line.lowest is None or line.highest is None:
        return said
    if line.lowest == line.highest:
        level = level_words(line.lowest, results.questions.scale)
        return " ".join([said, _("Everyone who rated it chose %(level)s.", level=level)])
    apart = _(
        "Ratings range from %(lowest)s to %(highest)s.",
        lowest=level_words(line.lowest, results.questions.scale),
        highest=level_words(line.highest, results.questions.scale),
    )
    return " ".join([said, apart, groups_sentence(results, line)]).strip()


def groups_sentence(results: Results, line: IndicatorResult) -> str:
    """Returns a sentence on which sector groups are farthest apart; empty if there are no differences to show."""
    groups = sorted(line.groups.items(), key=lambda group: group[1].value)
    if len(groups) < 2 or groups[0][1].value == groups[-1][1].value:
        return ""
    (low, least), (high, most) = groups[0], groups[-1]
    return _(
        "%(high)s: %(most)s, %(low)s: %(least)s.",
        high=group_name(high, results.grouping),
        most=number_words(most.value),
        low=group_name(low, results.grouping),
        least=number_words(least.value),
    )


def groups_note(results: Results) -> str:
    """Returns a note that the round keeps the sector groups of its time; "" if it shows no groups, or today's."""
    if not results.has_first_groups:
        return ""
    return _(
        "This round keeps the groups it was opened with: unions, farmworker groups, tribal governments, and "
        "public agencies are counted with employers here, under “%(group)s”. Newer rounds count them separately "
        "from employers.",
        group=group_name("business", results.grouping),
    )


def unknown_sentence(results: Results, line: IndicatorResult) -> str:
    known, unlisted = _likely_to_know(results, results.question(line.key)[1])
    if not (names := [*known.values(), *unlisted]):
        return dont_know_sentence(line)
    return " ".join([dont_know_sentence(line), _("Likely to know: %(people)s.", people=listed(names))])


def dont_know_sentence(line: IndicatorResult) -> str:
    return ngettext(
        "%(num)s of %(total)s do not know.",
        "%(num)s of %(total)s do not know.",
        line.dont_know or 0,
        total=line.respondents,
    )


def who_may_know(results: Results, question: Question, here: Collection[str]) -> list[str]:
    """Returns texts on who could find out, separately for disciplines that the coalition has and those it lacks."""
    known, unlisted = _likely_to_know(results, question)
    present = [name for key, name in known.items() if key in here]
    missing = [name for key, name in known.items() if key not in here]
    said = []
    if present:
        said.append(_("Here and likely to know: %(people)s.", people=listed(present)))
    if missing:
        said.append(_("Likely to know, but not here yet: %(people)s.", people=listed(missing)))
    if unlisted:
        said.append(_("May also know: %(people)s.", people=listed(unlisted)))
    return said


def _likely_to_know(results: Results, question: Question) -> tuple[dict[str, str], list[str]]:
    """Returns the disciplines that the indicator names, by key, and separately those never stored for a person.

    The latter are people with lived experience: Engage does not record, and no one should ask, whether one is
    here.
    """
    known = {each.key: each for group in results.content.discipline_groups for each in group.disciplines}
    named = [known[key] for key in question.ask if key in known]
    listed = {each.key: each.name for each in named if not each.routing_only}
    return listed, [each.name for each in named if each.routing_only]


def _standing(results: Results, area: AreaResult | None) -> AreaMedian | None:
    if area is None or area.all is None:
        return None
    return AreaMedian(results.area(area.key).name, number_words(area.all.value))


def _findings(
    results: Results, lines: Sequence[IndicatorResult], sentence: Callable[[Results, IndicatorResult], str]
) -> list[ResultFinding]:
    return [ResultFinding(*results.question(line.key), sentence(results, line)) for line in lines]


def rated(line: IndicatorResult, levels: tuple[int, int]) -> tuple[int, int]:
    """Returns how many people rated the indicator at one of these levels, and how many rated it at all."""
    counts = line.counts or ()
    return sum(count for level, count in enumerate(counts) if level in levels), sum(counts)


def languages_note(results: Results) -> str:
    """Returns a note on how many people answered in each language, most first; "" if that is not shown."""
    told = sorted(results.release.languages.items(), key=lambda pair: (-pair[1], pair[0]))
    if not told:
        return ""
    counts = [_("%(num)s in %(language)s", num=number, language=language_name(key)) for key, number in told]
    return _("By language: %(counts)s.", counts=listed(counts))


def link_note(results: Results) -> str:
    """Returns a note on answers without an account: from a file, by the open link, or left out; "" without any."""
    if results.round.is_from_a_file:
        return _("All answers were brought in from a file: people gave them in a survey elsewhere.")
    said = _open_link_note(results)
    if results.round.brought_in is not BroughtIn.SOME:
        return said
    return " ".join([said, _("Some of these answers were brought in from a file.")]).strip()


def _open_link_note(results: Results) -> str:
    """Returns a note on how many people used the open link, or that it was left out; "" if there was no link."""
    if "link_left_out" in results.link:
        return _("All answers that came through the open link were left out.")
    if "by_link" not in results.link:
        return ""
    number = results.link["by_link"]
    if number is None:
        return _("Some of these people answered through the open link. How many is not shown.")
    if number == results.release.respondents:
        return _("All of these people answered through the open link, without an account.")
    return ngettext(
        "%(num)s of these people answered through the open link, without an account.",
        "%(num)s of these people answered through the open link, without an account.",
        number,
    )
