"""Rules of the public progress page: its states, and what a coordinator chose for it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct, field


class PublicState(StrEnum):
    """The states of the page: whether its link works."""

    PRIVATE = "private"
    PUBLIC = "public"


class PublicLink(StrEnum):
    """The events of a link to the public page."""

    RENEWED = "renewed"


class Shown(StrEnum):
    """The kinds of things that the public page shows: a goal, a measure or a partner."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class Called(NamedTuple):
    """The public name of a goal or measure, which is not shown without a title.

    `unit` belongs to a measure.
    """

    title: str
    is_shown: bool
    unit: str = ""

    @property
    def state(self) -> Shown:
        return Shown.SHOWN if self.is_shown else Shown.HIDDEN


class ChosenForPublic(Struct, frozen=True):
    """The choices on the coordinator's form, by the ids of goals, measures and agreements."""

    goals: Mapping[int, Called] = field(default_factory=dict)
    measures: Mapping[int, Called] = field(default_factory=dict)
    agreements: frozenset[int] = frozenset()
