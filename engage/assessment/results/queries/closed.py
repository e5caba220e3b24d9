"""Joins a closed round with its release for its pages. It counts nothing itself.

`tables.py` builds its tables, `sentences.py` its sentences, and `spreads.py` an area's indicators.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from engage.assessment.languages import as_read
from engage.assessment.models import Round, StoredRelease
from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.assessment.results.queries.agreed import Agreed, agreed_of
from engage.assessment.results.queries.released import release_of
from engage.assessment.results.rules.closing import with_agreed
from engage.assessment.results.rules.releases import OTHERS, IndicatorResult, Release, Showing
from engage.content.model import FIRST_GROUPING, Content, Grouping


class Results(Struct, frozen=True, dict=True):
    """A closed round with its release, its questions and the words of the content.

    `questions` are the statements that people rated. Questions with options are separate, each with its area.
    """

    round: Round
    release: Release
    questions: QuestionSet
    with_options: tuple[tuple[QuestionArea, Question], ...]
    content: Content
    people: Mapping[str, int]
    agreed: Mapping[str, Agreed]
    # This is what the release says about the open link: nothing, how many came through it, or that it was left out.
    link: Mapping[str, Any]

    @classmethod
    def of(
        cls, round_: Round, stored: StoredRelease, agreed: Mapping[str, Agreed], content: Content
    ) -> Results:
        """Builds the results; `agreed` are the values that the group settled on, by indicator."""
        results: dict[str, Any] = stored.results
        values = {key: each.value for key, each in agreed.items()}
        release = with_agreed(Release.from_json(results), values)
        told = {"by_link", "link_left_out"} & results.keys()
        link: dict[str, Any] = {key: results[key] for key in told}
        asked = as_read(round_.questions)
        return cls(round_, release, asked.rated, asked.with_options, content, results["people"], agreed, link)

    @classmethod
    def newest(cls, round_: Round, content: Content) -> Results | None:
        """Returns the newest release of a closed round; None if it has none."""
        stored = release_of(round_)
        return cls.of(round_, stored, agreed_of(round_), content) if stored is not None else None

    @property
    def is_shown(self) -> bool:
        return self.release.showing is not Showing.NOTHING

    @property
    def has_groups(self) -> bool:
        return self.release.showing is Showing.GROUPS

    @cached_property
    def grouping(self) -> Grouping:
        """Returns the grouping of sectors under which the round was opened; it never changes."""
        return self.content.grouping(self.round.grouping)

    @property
    def has_first_groups(self) -> bool:
        """Returns whether the round shows groups that a round opened today would not have."""
        return self.has_groups and self.round.grouping == FIRST_GROUPING

    @property
    def groups(self) -> tuple[str, ...]:
        """Returns every sector group in order, including hidden ones, so that hidden and empty groups look alike."""
        groups = tuple(group.key for group in self.grouping.groups)
        return (*groups, OTHERS) if OTHERS in self.release.groups else groups

    def lines(self, area: QuestionArea) -> tuple[IndicatorResult, ...]:
        return next((each.indicators for each in self.release.areas if each.key == area.key), ())

    def area(self, key: str) -> QuestionArea:
        area = self.questions.area(key)
        assert area is not None
        return area

    @cached_property
    def places(self) -> Mapping[str, tuple[QuestionArea, Question]]:
        """Returns each question with its area, by key."""
        return {each.key: (area, each) for area in self.questions.areas for each in area.questions}

    def question(self, key: str) -> tuple[QuestionArea, Question]:
        return self.places[key]
