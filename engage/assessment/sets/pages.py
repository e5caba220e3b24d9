"""Builds the pages of question sets: a set's areas and questions, and how the set compares to the last round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import g, url_for
from msgspec import Struct

from engage.assessment.labels import time_to_answer
from engage.assessment.languages import in_all_languages
from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.assessment.results.labels import language_name
from engage.assessment.sets import files, service
from engage.assessment.sets.rules import Offer, QuestionChange, SetDraft, change
from engage.assessment.sets.sensitive import asks_who_was_exploited
from engage.assessment.sets.service import SetSince
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext

# At most this many titles are shown before opening a round; the set's page shows all of them.
MOST_TITLES = 5
# Choices for the sets that come with Engage; a coalition's own sets are chosen by their ids.
WHOLE, SHORT = "0", "short"
WHOLE_AS_BEFORE, SHORT_AS_BEFORE = "before", "short-before"
CHANGE_TAGS = {
    QuestionChange.CLEARER: (_l("Reworded"), "underway"),
    QuestionChange.NEW_MEANING: (_l("New question"), "next"),
    QuestionChange.ADDED: (_l("Added"), "done"),
}


class QuestionLine(Struct, frozen=True):
    """A question in the list of its area."""

    key: str
    title: str
    statement: str
    tag: tuple[str, str] | None
    is_hidden: bool
    for_insiders: bool
    is_short: bool


class AreaPart(Struct, frozen=True):
    key: str
    name: str
    count: str
    rows: tuple[QuestionLine, ...]
    is_hidden: bool


class Reason(Struct, frozen=True):
    """A text on why questions cannot be compared with the last round or lack texts, and which questions."""

    text: str
    titles: tuple[str, ...]


class Summary(Struct, frozen=True):
    """Sentences about a set. `reasons` say why parts are not compared, `lacking` which texts other languages lack."""

    counts: str
    time: str
    compared: str
    clearer: Reason | None
    reasons: tuple[Reason, ...]
    lacking: tuple[Reason, ...]


class OtherLanguage(Struct, frozen=True):
    """Another language in which a text may be given, and a text on what a translation does there."""

    code: str
    name: str
    words: str


def other_languages(draft: SetDraft, key: str | None) -> list[OtherLanguage]:
    """Returns the other languages in which the texts of this question or area may be given; None if it is new."""
    own, whole = (
        _texts(questions, key) for questions in (draft.questions, in_all_languages(draft.questions))
    )
    return [
        OtherLanguage(each, language_name(each), _beside_words(each, each in whole - own))
        for each in files.BESIDE
    ]


def _texts(questions: QuestionSet, key: str | None) -> set[str]:
    """Returns the languages in which a question or an area has texts."""
    pair, area = questions.find(key or ""), questions.area(key or "")
    return set(pair[1].texts if pair else area.texts if area else ())


def _beside_words(code: str, engage_has_them: bool) -> str:
    language = language_name(code)
    said = _(
        "For people who read %(language)s. Anything left empty here appears as it is above.",
        language=language,
    )
    if not engage_has_them:
        return said
    ours = _(
        "As long as the words above are Engage's own, Engage uses its own words in %(language)s.",
        language=language,
    )
    return f"{said} {ours}"


def area_parts(draft: SetDraft, ours: Mapping[str, Question]) -> list[AreaPart]:
    return [_area_part(area, draft, ours) for area in draft.questions.areas]


def area_part(draft: SetDraft, key: str) -> AreaPart | None:
    parts = area_parts(draft, service.ours_beside(draft.questions))
    return next((part for part in parts if part.key == key), None)


def _area_part(area: QuestionArea, draft: SetDraft, ours: Mapping[str, Question]) -> AreaPart:
    insiders, short = service.insiders(), service.short_keys()
    rows = tuple(
        QuestionLine(
            key=each.key,
            title=each.title,
            statement=each.statement,
            tag=CHANGE_TAGS.get(change(each, ours.get(each.key))),
            is_hidden=each.key in draft.hidden,
            for_insiders=each.key in insiders,
            is_short=each.key in short,
        )
        for each in area.questions
    )
    shown = sum(not row.is_hidden for row in rows)
    return AreaPart(area.key, area.name, _counts(shown, len(rows)), rows, is_hidden=bool(rows) and not shown)


def _counts(shown: int, total: int) -> str:
    if not total:
        return _("No questions yet")
    if shown == total:
        return ngettext("%(num)s question", "%(num)s questions", total)
    return ngettext(
        "%(shown)s of %(num)s question is asked",
        "%(shown)s of %(num)s questions are asked",
        total,
        shown=shown,
    )


def counts_of(draft: SetDraft) -> str:
    """Returns a sentence on how much a set asks."""
    asked = draft.asked
    many = asked.count
    said = _(
        "%(questions)s in %(areas)s.",
        questions=ngettext("%(num)s question", "%(num)s questions", many),
        areas=ngettext("%(num)s focus area", "%(num)s focus areas", len(asked.areas)),
    )
    if not draft.hidden:
        return said
    hidden = ngettext("%(num)s is hidden.", "%(num)s are hidden.", len(draft.hidden))
    return f"{said} {hidden}"


def counts_and_time(draft: SetDraft) -> str:
    return f"{counts_of(draft)} {_time(draft)}".strip()


def before_opening(draft: SetDraft) -> str:
    """Returns texts on what a round with this set asks, and on which texts are missing in each of its languages."""
    lacks = [
        _("%(reason)s: %(titles)s.", reason=each.text, titles="; ".join(_shortened(each.titles)))
        for each in lacking(draft.asked)
    ]
    return " ".join([counts_and_time(draft), *lacks])


def _shortened(titles: tuple[str, ...]) -> list[str]:
    return [*titles[:MOST_TITLES], *(["…"] if len(titles) > MOST_TITLES else [])]


def _time(draft: SetDraft) -> str:
    return time_to_answer(draft.asked.minutes) if draft.asked.count else ""


def summary(draft: SetDraft) -> Summary:
    time = _time(draft)
    since = service.since_last_round(g.membership, draft.asked)
    if since is None:
        compared = _("There was no round yet to compare with.")
        return Summary(counts_of(draft), time, compared, None, (), lacking(draft.asked))
    found = since.comparison
    titles = _titles(since.before, draft.questions)
    hidden = [key for key in found.only_before if key in draft.keys]
    gone = [key for key in found.only_before if key not in draft.keys]
    compared = ngettext(
        "%(both)s of %(num)s question asks the same thing as in “%(round)s” and can be compared with it.",
        "%(both)s of %(num)s questions ask the same thing as in “%(round)s” and can be compared with it.",
        len(found.both) + len(found.changed) + len(found.only_after),
        both=len(found.both),
        round=since.round_title,
    )
    reasons = (
        _reason(_("New question with an old name"), found.changed, titles),
        _reason(_("Not asked in the last round"), found.only_after, titles),
        _reason(_("Asked in the last round, hidden here"), hidden, titles),
        _reason(_("Asked in the last round, not in this set"), gone, titles),
    )
    return Summary(
        counts_of(draft),
        time,
        compared,
        _clearer(since, titles),
        tuple(reason for reason in reasons if reason is not None),
        lacking(draft.asked),
    )


def lacking(asked: QuestionSet) -> tuple[Reason, ...]:
    """Returns, for each other language of the set, the questions that lack some or all of their texts in it."""
    whole = in_all_languages(asked)
    found = ((each, whole.lacking(each)) for each in whole.languages[1:])
    return tuple(
        Reason(_lacking_words(language, len(questions)), tuple(each.title for each in questions))
        for language, questions in found
        if questions
    )


def _lacking_words(code: str, many: int) -> str:
    return ngettext(
        "%(num)s question has no full text in %(language)s",
        "%(num)s questions have no full text in %(language)s",
        many,
        language=language_name(code),
    )


def _clearer(since: SetSince, titles: dict[str, str]) -> Reason | None:
    return _reason(_("Compared, though reworded since the last round"), since.clearer, titles)


def _reason(text: str, keys: Iterable[str], titles: dict[str, str]) -> Reason | None:
    named = tuple(titles[key] for key in keys)
    return Reason(_("%(reason)s: %(count)s", reason=text, count=len(named)), named) if named else None


def _titles(*sets_: QuestionSet) -> dict[str, str]:
    """Returns titles by key; if both sets have a key, the later set's title."""
    return {each.key: each.title for set_ in sets_ for area in set_.areas for each in area.questions}


def sensitive_titles(draft: SetDraft) -> list[str]:
    """Returns the titles of questions that seem to ask respondents whether they were exploited."""
    asked = (each for area in draft.questions.areas for each in area.questions)
    return [each.title for each in asked if asks_who_was_exploited(each)]


class SetRow(Struct, frozen=True):
    """A set in the list of sets."""

    title: str
    counts: str
    url: str


def set_rows() -> list[SetRow]:
    return [
        SetRow(
            set_.title, counts_of(service.draft_of(set_)), url_for("assessment.question_set", set_id=set_.id)
        )
        for set_ in service.sets_of(g.membership)
    ]


def offers(membership: Membership) -> list[Offer]:
    """Returns the sets that a new round may ask: the whole set, the short one, and the coalition's own.

    If the last closed round asked the earlier wording of a statement, the sets that still ask it come first.
    """
    return [
        *(_offers_as_before() if service.asks_earlier_wording(membership) else ()),
        *_offers_of_ours(),
        *(
            Offer(str(set_.id), set_.title, draft.asked, before_opening(draft))
            for set_, draft in ((each, service.draft_of(each)) for each in service.sets_of(membership))
        ),
    ]


def first_short(among: Iterable[Offer]) -> str:
    """Returns the choice of the short set, worded as before where that is offered."""
    return next(each.value for each in among if each.value in {SHORT_AS_BEFORE, SHORT})


def _offers_of_ours() -> tuple[Offer, Offer]:
    whole, short = SetDraft(service.ours()), SetDraft(service.short_ours())
    for_anyone = _("Any resident can answer it.")
    return (
        Offer(WHOLE, _("The whole set"), whole.asked, counts_and_time(whole)),
        Offer(SHORT, _("The short set"), short.asked, f"{for_anyone} {counts_and_time(short)}"),
    )


def _offers_as_before() -> tuple[Offer, Offer]:
    whole = SetDraft(service.ours(earlier=True))
    short = SetDraft(service.short_ours(earlier=True))
    return (
        Offer(WHOLE_AS_BEFORE, _("The whole set, worded as before"), whole.asked, _said_as_before(whole)),
        Offer(SHORT_AS_BEFORE, _("The short set, worded as before"), short.asked, _said_as_before(short)),
    )


def _said_as_before(draft: SetDraft) -> str:
    """Returns how many statements have a newer wording in Engage's set, and what keeping the words is good for."""
    count = len(service.reworded() & draft.keys)
    said = ngettext(
        "Compared with your earlier rounds throughout. Engage now words %(num)s statement differently.",
        "Compared with your earlier rounds throughout. Engage now words %(num)s statements differently, so that "
        "each asks one thing; in the newer words they start over.",
        count,
    )
    return f"{said} {counts_and_time(draft)}"
