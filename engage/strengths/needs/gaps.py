"""Reads the gaps behind needs from closed rounds, with values, texts and names as the rounds stored them."""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property, lru_cache

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.assessment.languages import as_read
from engage.assessment.models import AgreedValue, Round, StoredRelease
from engage.assessment.queries import IS_BESIDE
from engage.assessment.questions import Question, QuestionSet
from engage.assessment.results.rules.closing import with_agreed
from engage.assessment.results.rules.findings import lowest_area
from engage.assessment.results.rules.releases import AreaCell, IndicatorResult, Release
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import along
from engage.extensions import db
from engage.languages import offered
from engage.strengths.models import Need
from engage.strengths.rules import Gap, gap_of


class ShownRound(Struct, frozen=True, dict=True):
    """A closed round with its newest release."""

    id: int
    title: str
    closed_at: datetime
    questions: QuestionSet
    release: Release
    is_for_anyone: bool = False

    @cached_property
    def _lines(self) -> dict[str, IndicatorResult]:
        return {line.key: line for line in self.release.indicators}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {each.key: each for area in self.questions.areas for each in area.questions}

    @cached_property
    def area_names(self) -> dict[str, str]:
        return {area.key: area.name for area in self.questions.areas}

    def line(self, indicator: str) -> IndicatorResult | None:
        return self._lines.get(indicator)

    def question(self, indicator: str) -> Question | None:
        return self._questions.get(indicator)

    def gap(self, indicator: str) -> Gap | None:
        """Returns the indicator's gap, or None if the round shows no value for it."""
        line = self.line(indicator)
        if line is None:
            return None
        return gap_of(agreed=line.agreed, median=line.all.value if line.all is not None else None)


@lru_cache(maxsize=128)
def _titles(indicator: str) -> frozenset[str]:
    """Returns the titles of one of Engage's statements in every language."""
    every = (
        each for language in offered() for each in (*content(language).indicators, *content(language).extras)
    )
    return frozenset(each.title for each in every if each.key == indicator)


class LowestArea(Struct, frozen=True):
    """The area with the lowest value for All in the latest round."""

    round: ShownRound
    key: str
    name: str
    cell: AreaCell


class ShownRounds(Struct, frozen=True, dict=True):
    """The rounds from which needs came, and the latest one that leads, which is first; open rounds show nothing."""

    rounds: tuple[ShownRound, ...]

    @property
    def latest(self) -> ShownRound | None:
        return self.rounds[0] if self.rounds else None

    @cached_property
    def _by_id(self) -> dict[int, ShownRound]:
        return {each.id: each for each in self.rounds}

    def of(self, round_id: int | None) -> ShownRound | None:
        return None if round_id is None else self._by_id.get(round_id)

    def gap(self, stated: int | None, round_id: int | None, indicator: str) -> Gap | None:
        """Returns the gap of a need: the one stated by hand, or else the one in the need's round."""
        if stated is not None:
            return gap_of(stated=stated)
        shown = self.of(round_id)
        return None if shown is None else shown.gap(indicator)

    def title_of(self, title: str, round_id: int | None, indicator: str) -> str:
        """Returns a need's title in the reader's language if it is still its statement's, else as it was written."""
        shown = self.of(round_id)
        question = shown.question(indicator) if shown is not None else None
        if question is None or title == question.title:
            return title
        elsewhere = {each.title for each in question.texts.values()} | _titles(indicator)
        return question.title if title in elsewhere else title

    @cached_property
    def areas(self) -> dict[str, str]:
        """Returns names of focus areas: first those of the content, then others in a round."""
        names = {area.key: area.name for area in content().areas}
        for each in self.rounds:
            names |= {key: name for key, name in each.area_names.items() if key not in names}
        return names

    def area_name(self, key: str, round_id: int | None = None) -> str:
        """Returns the area's name in the need's own round, else its current name; empty for a need without an area."""
        shown = self.of(round_id)
        if shown is not None and key in shown.area_names:
            return shown.area_names[key]
        return self.areas.get(key, "")

    @cached_property
    def indicators(self) -> dict[str, str]:
        """Returns the questions of the latest round, else of the content, by key: "Response: Beds for adults"."""
        if self.latest is not None:
            return {
                each.key: f"{area.short}: {each.title}"
                for area in self.latest.questions.areas
                for each in area.questions
            }
        words = content()
        return {each.key: f"{words.area(each.area).short}: {each.title}" for each in words.indicators}

    def indicator_title(self, key: str) -> str:
        """Returns the indicator's title in the newest round that has it; "" if none does."""
        for each in self.rounds:
            if (question := each.question(key)) is not None:
                return question.title
        known = {each.key: each.title for each in content().indicators}
        return known.get(key, "")

    def since(self, round_id: int | None, indicator: str) -> ShownRound | None:
        """Returns the latest round if it is later than the need's, for the same people, and asked the same question."""
        own, latest = self.of(round_id), self.latest
        if own is None or latest is None or latest.id == own.id:
            return None
        if latest.is_for_anyone is not own.is_for_anyone:
            return None
        before, after = own.question(indicator), latest.question(indicator)
        if before is None or after is None or before.meaning != after.meaning:
            return None
        return latest

    @property
    def lowest(self) -> LowestArea | None:
        """Returns the lowest area of the latest round; None if it shows no area."""
        if (shown := self.latest) is None or (area := lowest_area(shown.release)) is None:
            return None
        assert area.all is not None
        return LowestArea(shown, area.key, shown.area_names.get(area.key, area.key), area.all)


def _shown_rounds(here: int, also: Collection[int]) -> sa.Select[Round, StoredRelease]:
    of_needs = sa.select(Need.round_id).where(Need.coalition_id == here, Need.round_id.is_not(None))
    latest = (
        sa.select(Round.id)
        .where(Round.coalition_id == here, Round.closed_at.is_not(None), sa.not_(IS_BESIDE))
        .order_by(Round.closed_at.desc(), Round.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    newer = aliased(StoredRelease)
    is_newest = ~sa.exists().where(
        newer.round_id == StoredRelease.round_id, newer.number > StoredRelease.number
    )
    return (
        sa.select(Round, StoredRelease)
        .join(StoredRelease, along(StoredRelease.round_id, Round))
        .where(
            Round.coalition_id == here,
            Round.closed_at.is_not(None),
            sa.or_(Round.id.in_(of_needs), Round.id == latest, Round.id.in_(also)),
            is_newest,
        )
        .order_by(IS_BESIDE, Round.closed_at.desc(), Round.id.desc())
    )


def shown_rounds(membership: Membership, also: Collection[int] = ()) -> ShownRounds:
    """Returns the rounds that measure the coalition's needs, and those of `also`, in two queries."""
    here = membership.coalition_id
    values = sa.select(AgreedValue.round_id, AgreedValue.indicator, AgreedValue.value)
    agreed: dict[int, dict[str, float]] = {}
    for round_id, indicator, value in db.session.execute(values.where(AgreedValue.coalition_id == here)):
        if value is not None:
            agreed.setdefault(round_id, {})[indicator] = value
    found = []
    for round_, stored in db.session.execute(_shown_rounds(here, also)):
        assert round_.closed_at is not None
        release = with_agreed(Release.from_json(stored.results), agreed.get(round_.id, {}))
        questions = as_read(round_.questions)
        found.append(
            ShownRound(
                round_.id, round_.title, round_.closed_at, questions.rated, release, round_.is_for_anyone
            )
        )
    return ShownRounds(tuple(found))
