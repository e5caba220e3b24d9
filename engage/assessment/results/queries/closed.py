"""Combines a closed round with its release for its pages. Nothing is counted here.

In `pages`, `tables.py` builds the tables and `spreads.py` an area's indicators; `sentences.py` writes the
sentences.
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
    """A closed round with its release, its questions and the content's texts.

    `questions` are the statements that people rated. Questions with options are separate, each with its area.
    """

    round: Round
    release: Release
    questions: QuestionSet
    with_options: tuple[tuple[QuestionArea, Question], ...]
    content: Content
    people: Mapping[str, int]
    agreed: Mapping[str, Agreed]
    # What the release says about the open link: nothing, how many answered through it, or that it was left
    # out.
    link: Mapping[str, object]
    # True if the release was computed under the earlier rule, by which answers of the open link, slips and
    # paper counted like all others.
    is_earlier_rule: bool = False

    @property
    def asks_about_columns(self) -> bool:
        """Returns whether a coordinator has yet to decide if columns stay that may be only the open link's answers."""
        return (
            self.is_earlier_rule
            and self.has_groups
            and "by_link" in self.link
            and self.round.hides_columns is None
        )

    @classmethod
    def of(
        cls, round_: Round, stored: StoredRelease, agreed: Mapping[str, Agreed], content: Content
    ) -> Results:
        """Builds the results; `agreed` are the values that the group settled on, by indicator."""
        results: dict[str, Any] = stored.results
        values = {key: each.value for key, each in agreed.items()}
        release = with_agreed(Release.from_json(results), values)
        is_earlier_rule = "rule" not in results and release.showing is not Showing.NOTHING
        if is_earlier_rule and round_.hides_columns:
            release = release.without_columns()
        told = {"by_link", "link_left_out"} & results.keys()
        link: dict[str, object] = {key: results[key] for key in told}
        asked = as_read(round_.questions)
        return cls(
            round_,
            release,
            asked.rated,
            asked.with_options,
            content,
            results["people"],
            agreed,
            link,
            is_earlier_rule,
        )

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
        """Returns the grouping of sectors that was current when the round was opened; a round never changes it."""
        return self.content.grouping(self.round.grouping)

    @property
    def has_first_groups(self) -> bool:
        """Returns whether the round shows sector groups that a round opened today would not have."""
        return self.has_groups and self.round.grouping == FIRST_GROUPING

    @property
    def groups(self) -> tuple[str, ...]:
        """Returns every sector group in order, including hidden ones, so that hidden and empty groups look the same."""
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
