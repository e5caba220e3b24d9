"""Puts needs and strengths into words."""

from datetime import date

from engage.assessment.results.labels import number_words
from engage.dates import medium_day
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.strengths.rules import Gap, GapSource, RatingSource, StrengthKind

GAP_LABELS = {
    1: _l("1: it works, and little is missing"),
    2: _l("2: some of it is there, with gaps"),
    3: _l("3: only a start"),
    4: _l("4: nothing in place yet"),
}
IMPORTANCE_LABELS = {
    1: _l("1: it can wait"),
    2: _l("2: it would help some"),
    3: _l("3: it matters"),
    4: _l("4: it matters a lot"),
    5: _l("5: people are harmed while it is missing"),
}
FEASIBILITY_LABELS = {
    1: _l("1: out of our hands"),
    2: _l("2: hard without outside help"),
    3: _l("3: possible with effort"),
    4: _l("4: within reach"),
    5: _l("5: we could start next week"),
}
KIND_LABELS = {
    StrengthKind.PEOPLE: _l("People"),
    StrengthKind.ORGANIZATION: _l("Organization"),
    StrengthKind.PLACE: _l("Place"),
    StrengthKind.MONEY: _l("Money"),
    StrengthKind.KNOWLEDGE: _l("Knowledge"),
    StrengthKind.RELATIONSHIP: _l("Relationship"),
}
KIND_WHY = {
    StrengthKind.PEOPLE: _l("Time, hands, and skills: volunteers, trainers, interpreters."),
    StrengthKind.ORGANIZATION: _l("A service or program run by an organization or a group."),
    StrengthKind.PLACE: _l("Rooms, beds, buildings, vehicles, things. Never the address of a shelter."),
    StrengthKind.MONEY: _l("Funds, grants, donations, discounts."),
    StrengthKind.KNOWLEDGE: _l("Training, data, languages, experience with a procedure."),
    StrengthKind.RELATIONSHIP: _l("Trust with a group or an office; someone who can open doors."),
}
SOURCE_LABELS = {RatingSource.HAND: _l("entered"), RatingSource.VOTE: _l("by vote")}


def plain_number(value: float) -> str:
    """Returns a rating or a product as text: "5", and "4.5" if it is a half."""
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def gap_source(gap: Gap) -> str:
    """Says in a few words where the gap's number comes from."""
    rated = number_words(4 - gap.value)
    return {
        GapSource.AGREED: _("agreed on %(value)s", value=rated),
        GapSource.MEDIAN: _("median rating %(value)s", value=rated),
        GapSource.STATED: _("entered by you"),
    }[gap.source]


def rating_source(source: RatingSource, on: date) -> str:
    """Says who rated the need and when."""
    day = medium_day(on)
    if source is RatingSource.VOTE:
        return _("by vote, %(day)s", day=day)
    return _("entered on %(day)s", day=day)


def rating_words(importance: float | None, feasibility: float | None) -> str:
    """Returns the rating in words, or "" if there is none."""
    if importance is None or feasibility is None:
        return ""
    return _(
        "Importance %(importance)s, feasibility %(feasibility)s",
        importance=plain_number(importance),
        feasibility=plain_number(feasibility),
    )


def formula(gap: Gap, importance: float, feasibility: float, priority: float) -> str:
    """Says how a priority is computed."""
    return _(
        "Gap %(gap)s x importance %(importance)s x feasibility %(feasibility)s = %(priority)s of 100",
        gap=number_words(gap.value),
        importance=plain_number(importance),
        feasibility=plain_number(feasibility),
        priority=plain_number(priority),
    )
