"""Describes what a table of a plan can hold, and what people call its columns and statuses."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.content.import_words import import_words
from engage.content.loader import content
from engage.database import folded
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.columns import ImportColumn, normal
from engage.imports.reading import ReadFile
from engage.imports.target import (
    ChoiceField,
    DayField,
    Field,
    Meant,
    Target,
    TextField,
    in_every_language,
    meanings,
)
from engage.partners.models import Organization
from engage.plan.exports import json
from engage.plan.imports.fields import NeedsField, NumberField, Partner, PeopleField, PersonField, Title
from engage.plan.imports.frequencies import OFTEN_LABELS
from engage.plan.labels import STATUS_LABELS
from engage.plan.rules import ActionStatus
from engage.strengths.models import Need

# The names of levels in published plans, from the widest to the narrowest. Which of our three levels a name means
# depends on the names beside it.
LEVELS = tuple(import_words("plan_levels").values())
_ACTION_LEVEL = len(LEVELS) - 1
# If there are four or more levels, the first of these that occurs is the middle one.
_MIDDLE = (3, 4, 2, 1)


class PlanTarget(Target, frozen=True):
    """A plan as the target of an import. Its three levels are recognized by the names that occur together."""

    def opens(self, raw: bytes) -> ReadFile | None:
        return json.sheet_of(raw)

    def guess(self, columns: Iterable[ImportColumn]) -> dict[int, str]:
        columns = list(columns)
        marks = [each for each in columns if _is_a_mark(each)]
        columns = [each for each in columns if each not in marks]
        named = [each for each in columns if not _is_a_rank(each) and not _is_a_number(each, columns)]
        levels = levels_of({each.index: each.heading for each in named})
        names = {name for each in LEVELS for name in each}
        others = [column for column in columns if normal(column.heading) not in names]
        found = {**super().guess(others), **levels}
        return found if "status" in found.values() else {**found, **_status_of(marks)}


# These words say how urgent something is; a column called *Priority* may hold them instead of goals.
_RANKS = frozenset("high medium med low top urgent normal h m l a b c 1 2 3 4 5".split())  # noqa: SIM905


def _is_a_rank(column: ImportColumn) -> bool:
    if normal(column.heading) not in LEVELS[0] or not column.samples:
        return False
    return all(folded(sample) in _RANKS for sample in column.samples)


# A column called *Done* or *% done* may hold these. Read as days, they would make every row wrong.
_MARK = re.compile(r"x|y|yes|n|no|true|false|✓|✔|☑|☐|✅|❌|[01]|[\d.]+\s*%", re.IGNORECASE)
_MARKED = frozenset(
    ["done", "complete", "completed", "finished", "achieved", "percent complete", "percent done"]
)


def _is_a_mark(column: ImportColumn) -> bool:
    if normal(column.heading) not in _MARKED or not column.samples:
        return False
    return all(_MARK.fullmatch(sample) for sample in column.samples)


def _status_of(marks: Iterable[ImportColumn]) -> dict[int, str]:
    """Returns the first column of check marks, which is read as the status."""
    return {each.index: "status" for each in list(marks)[:1]}


_SHARE = re.compile(r"(\d{1,3})(?:\.\d+)?\s*%(?:\s*(?:complete|completed|done|finished))?", re.IGNORECASE)


class Status(ChoiceField, frozen=True, kw_only=True):
    """A status, which may also be said as a share: "50% complete"."""

    def unknown(self, text: str) -> list[str]:
        return [word for word in super().unknown(text) if _SHARE.fullmatch(word) is None]

    def key_of(self, word: str, meant: Meant) -> str:
        if folded(word) in self.by_word or (match := _SHARE.fullmatch(word)) is None:
            return super().key_of(word, meant)
        share = int(match[1])
        begun = ActionStatus.UNDER_WAY if share < 100 else ActionStatus.DONE
        return (begun if share else ActionStatus.NOT_STARTED).value


_NUMBER = re.compile(r"[\d.]*[a-z]?", re.IGNORECASE)


def _is_a_number(column: ImportColumn, columns: list[ImportColumn]) -> bool:
    """Returns whether a column such as "Goal #" is beside "Goal" and holds its number instead of its text."""
    beside = [
        each for each in columns if each is not column and normal(each.heading) == normal(column.heading)
    ]
    return bool(beside) and all(_NUMBER.fullmatch(sample) for sample in column.samples)


def levels_of(headings: dict[int, str]) -> dict[int, str]:
    """Returns which columns are goal, objective and action; for each level the first column counts.

    "Objective, strategy, tactic" mean goal, objective and action, and so do "priority, outcome, action".
    """
    found: dict[int, int] = {}
    for index, heading in sorted(headings.items()):
        name = normal(heading)
        level = next((n for n, names in enumerate(LEVELS) if name in names), None)
        if level is not None:
            found.setdefault(level, index)
    levels = sorted(found)
    if set(levels) == {1, 3}:  # the plan has goals and objectives without actions
        return {found[1]: "goal", found[3]: "objective"}
    if not levels:
        return {}
    chosen = {found[levels[-1]]: "action"} if len(levels) > 1 or levels[0] == _ACTION_LEVEL else {}
    if not chosen:
        return {found[levels[0]]: "goal"}
    between = levels[1:-1]
    if {1, 3} <= set(levels[:-1]):  # these names are Engage's own, whatever other columns there are
        return {found[1]: "goal", found[3]: "objective", **chosen}
    if len(levels) > 1:
        chosen[found[levels[0]]] = "goal"
    if between:
        chosen[found[next(level for level in _MIDDLE if level in between)]] = "objective"
    return chosen


def target(coalition_id: int) -> PlanTarget:
    """Returns the target in the reader's language, with the coalition's people, organizations and needs."""
    people = _people(coalition_id)
    organizations = {str(key): name for key, name in db.session.execute(_organizations(coalition_id))}
    needs = db.session.execute(
        sa.select(Need.id, Need.number, Need.title).where(Need.coalition_id == coalition_id)
    ).all()
    ids: dict[str, object] = {
        "ids": {row.number: str(row.id) for row in needs},
        "titles": {str(row.id): f"{row.number}. {row.title}" for row in needs},
    }
    return PlanTarget(
        named_by="",
        levels=("goal", "objective", "action"),
        never_once="ref",  # files from Engage name goal and objective in each row
        asks_policy=_("What happens to actions already here?"),
        accepts=".csv,.xlsx,.tsv,.txt,.json,text/csv,application/json",
        fields=in_every_language(lambda: _fields(people, organizations, ids), import_words("plan")),
    )


def _fields(
    people: tuple[PersonField, ...], organizations: Mapping[str, str], ids: Mapping[str, Any]
) -> tuple[Field, ...]:
    areas = content().areas
    return (
        NumberField(key="ref", label=_("Action number (ref)")),
        Title(key="goal", label=_("Goal"), synonyms=_levels(0, 1)),
        Title(key="objective", label=_("Objective"), synonyms=_levels(2, 3, 4)),
        Title(key="action", label=_("Action"), synonyms=_levels(5)),
        Status(
            key="status",
            label=_("Status"),
            choices={each.value: str(words) for each, words in STATUS_LABELS.items()},
            also=meanings(import_words("plan_statuses")),
        ),
        TextField(key="reason", label=_("Reason, or help needed"), longest=1000, free=True),
        PeopleField(key="owner", label=_("Owner"), people=people),
        PeopleField(key="helpers", label=_("Helpers"), people=people),
        Partner(key="partner", label=_("Partner organization"), choices=organizations),
        DayField(key="start", keeps_words=True, label=_("Start"), ends=False),
        DayField(key="due", keeps_words=True, label=_("By when")),
        DayField(key="done", label=_("Done on"), keeps_words=True),
        ChoiceField(
            key="repeats",
            label=_("Repeats"),
            choices={each.value: str(words) for each, words in OFTEN_LABELS.items()},
            also=meanings(import_words("plan_frequencies")),
            also_in="due",
        ),
        _text("note", _("Details"), keeps=("start", "due", "done")),
        _text("resources_had", _("Resources you have")),
        _text("resources_needed", _("Resources you need")),
        _text("barriers", _("Barriers")),
        _text("inform", _("People to inform")),
        NeedsField(key="need", label=_("Need it answers (number)"), **ids),
        ChoiceField(
            key="focus_area",
            label=_("Goal: focus area"),
            choices={area.key: area.name for area in areas},
            described={area.key: area.short for area in areas},
            may_go=True,
        ),
        TextField(key="goal_why", label=_("Goal: why"), longest=2000, free=True),
        NeedsField(
            key="goal_needs", label=_("Goal: needs it answers (numbers)"), several=True, joins="; ", **ids
        ),
        Field(key="objective_measure", label=_("Objective: measure of success"), longest=300, free=True),
        DayField(key="objective_due", label=_("Objective: by when")),
    )


def _text(key: str, label: str, keeps: tuple[str, ...] = ()) -> TextField:
    return TextField(key=key, label=label, longest=5000, joins="\n\n", free=True, keeps=keeps)


def _levels(*numbers: int) -> tuple[str, ...]:
    return tuple(name for number in numbers for name in LEVELS[number])


def _people(coalition_id: int) -> tuple[PersonField, ...]:
    """Returns everyone who was ever a member; people who wait for approval do not count."""
    rows = (
        sa.select(
            Membership.id,
            Membership.name,
            Membership.email,
            User.email.label("account"),
            sa.and_(Membership.left_on.is_(None), Membership.disabled_at.is_(None)).label("is_here"),
        )
        .outerjoin(User, User.id == Membership.user_id)
        .where(Membership.coalition_id == coalition_id, Membership.approved_at.is_not(None))
        .order_by(Membership.sort_key, Membership.id)
    )
    return tuple(
        PersonField(
            row.id,
            row.name,
            tuple(dict.fromkeys(folded(each) for each in (row.account, row.email) if each)),
            bool(row.is_here),
        )
        for row in db.session.execute(rows)
    )


def _organizations(coalition_id: int) -> Any:
    return (
        sa.select(Organization.id, Organization.name)
        .where(Organization.coalition_id == coalition_id)
        .order_by(Organization.sort_key)
    )
