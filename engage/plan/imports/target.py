"""Describes what a table of a plan can hold, and what people call its columns and statuses."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.content.import_words import import_words
from engage.content.loader import content
from engage.database import folded
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.reading import ReadFile
from engage.imports.target import (
    ChoiceField,
    DayField,
    Field,
    Target,
    TextField,
    in_every_language,
    meanings,
)
from engage.partners.models import Organization
from engage.plan.exports import json
from engage.plan.imports.fields import NeedsField, NumberField, Partner, PeopleField, PersonField, Title
from engage.plan.labels import STATUS_LABELS
from engage.strengths.models import Need


class PlanTarget(Target, frozen=True):
    """A plan as the target of an import."""

    def opens(self, raw: bytes) -> ReadFile | None:
        return json.sheet_of(raw)


def target(coalition_id: int) -> PlanTarget:
    """Returns the target in the reader's language, with the coalition's people, organizations and needs."""
    people = _people(coalition_id)
    named = sa.select(Organization.id, Organization.name).where(Organization.coalition_id == coalition_id)
    organizations = {
        str(key): name for key, name in db.session.execute(named.order_by(Organization.sort_key))
    }
    needs = db.session.execute(
        sa.select(Need.id, Need.number, Need.title).where(Need.coalition_id == coalition_id)
    ).all()
    ids: dict[str, object] = {
        "ids": {row.number: str(row.id) for row in needs},
        "titles": {str(row.id): f"{row.number}. {row.title}" for row in needs},
    }
    return PlanTarget(
        named_by="",
        written_in_each="goal",
        own_columns=frozenset({"ref", "goal_why", "goal_needs", "resources_had"}),
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
        Title(key="goal", label=_("Goal")),
        Title(key="objective", label=_("Objective")),
        Title(key="action", label=_("Action")),
        ChoiceField(
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
