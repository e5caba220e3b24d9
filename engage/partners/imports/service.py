"""Compares a table of organizations with the existing ones, and writes the changes in one transaction."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.database import folded, sort_key
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.lines import ImportLine
from engage.imports.preview import (
    ImportProblem,
    OfThoseHere,
    Outcome,
    PossibleDuplicate,
    Preview,
    PreviewRow,
    changes,
    difference,
    doubtful,
)
from engage.imports.target import Target, Value
from engage.partners.duplicates.rules import DuplicateNames
from engage.partners.exports.queries import (
    COLUMNS,
    CONTACT,
    PLACES,
    TAGS,
    ImportedContact,
    OrganizationHere,
    contact_key,
    organizations_here,
)
from engage.partners.imports.target import target
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.organizations.service import refresh_search
from engage.partners.rules import ContactPlace
from engage.versions import claim_all


class PlannedOrganization(Struct, frozen=True):
    """A row of the file, its organization (None for a new one), and the values to set."""

    row: PreviewRow
    line: ImportLine
    here: OrganizationHere | None = None
    sets: dict[str, Value] = field(default_factory=dict)


# -- what each row would do


class OrganizationComparison:
    """The comparison of each row with the existing organizations. `decided` says which possible duplicates are new."""

    def __init__(
        self,
        here: Iterable[OrganizationHere],
        lines: Iterable[ImportLine],
        policy: OfThoseHere,
        decided: Mapping[int, str],
    ) -> None:
        self._target: Target = target()
        self._policy = policy
        self._decided = decided
        self.here = here = list(here)
        self._by_name = {folded(each.name): each for each in here}
        self._by_id = {each.id: each for each in here}
        self._names = DuplicateNames()
        for each in here:
            self._names.add(each.id, folded(each.name))
        self._rows_here: dict[int, int] = {}
        self._rows_named: dict[str, int] = {}
        self._row_names: dict[str, str] = {}
        self.planned = [self._plan(line) for line in lines]

    @cached_property
    def preview(self) -> Preview:
        return Preview(each.row for each in self.planned)

    def _plan(self, line: ImportLine) -> PlannedOrganization:
        name = str(line.values.get("name", ""))
        key = folded(name)
        here = self._by_name.get(key)
        alike: tuple[PossibleDuplicate, ...] = ()
        if here is None and key:
            alike = self._alike(key)
            here = self._said_to_be(line.number, alike)
        problems = [*line.problems, *self._twice(line.number, key, here)]
        if key and not problems:
            self._rows_named[key] = line.number
            if here is None:
                self._row_names[f"row {line.number}"] = name
                self._names.add(f"row {line.number}", key)
            else:
                self._rows_here[here.id] = line.number
        return self._compared(line, name, here, alike, problems)

    def _compared(
        self,
        line: ImportLine,
        name: str,
        here: OrganizationHere | None,
        alike: tuple[PossibleDuplicate, ...],
        problems: list[ImportProblem],
    ) -> PlannedOrganization:
        old = here.values if here is not None else {}
        values = _with_contacts(line.values, here) if here is not None else {**line.instead, **line.values}
        problems += self._contact_problems(values, old)
        if (
            here is None
            and "sector" not in values
            and not any(each.label == self._label("sector") for each in problems)
        ):
            problems.append(
                ImportProblem(
                    self._label("sector"), "", _("This is missing. Choose a sector for rows without one.")
                )
            )
        row = PreviewRow(line.number, name, Outcome.WRONG, problems=tuple(problems), alike=alike)
        if problems:
            return PlannedOrganization(row, line, here)
        if here is None:
            sets = {key: value for key, value in values.items() if value not in ("", ())}
            outcome = Outcome.ALIKE if alike else Outcome.NEW
        else:
            made = self._difference(old, values)
            sets = made.sets
            outcome = Outcome.CHANGED if sets else Outcome.KEPT if made.says_more else Outcome.SAME
        row = replace(
            row, outcome=outcome, changes=changes(self._target, old, sets), found=doubtful(self._target, sets)
        )
        return PlannedOrganization(row, line, here, sets)

    def _difference(self, old: dict[str, Value], values: dict[str, Value]) -> Any:
        made = difference(self._target, old, values, self._policy)
        if self._policy is OfThoseHere.FILL:
            # Empty values of one person are not filled with another person's.
            others = {
                contact_key(place, name)
                for place in PLACES
                if _is_other(place, old, values)
                for name in CONTACT
            }
            sets = {key: value for key, value in made.sets.items() if key not in others}
            made = replace(made, sets=sets, says_more=made.says_more or len(sets) < len(made.sets))
        return made

    def _alike(self, key: str) -> tuple[PossibleDuplicate, ...]:
        return tuple(
            PossibleDuplicate(str(found), self._by_id[found].name)
            if isinstance(found, int)
            else PossibleDuplicate(
                "",
                _(
                    "%(row)s of this file: %(name)s",
                    row=self._row_words(str(found)),
                    name=self._row_names[str(found)],
                ),
            )
            for found in self._names.like(key)
        )

    @staticmethod
    def _row_words(found: str) -> str:
        return _("row %(number)s", number=found.removeprefix("row "))

    def _said_to_be(self, number: int, alike: tuple[PossibleDuplicate, ...]) -> OrganizationHere | None:
        said = self._decided.get(number, "")
        return self._by_id[int(said)] if said and said in {each.value for each in alike} else None

    def _twice(self, number: int, key: str, here: OrganizationHere | None) -> list[ImportProblem]:
        first = self._rows_named.get(key) or (self._rows_here.get(here.id) if here is not None else None)
        if first is None:
            return []
        words = _(
            "Row %(row)s is the same organization. Join the two rows, or leave this one out.", row=first
        )
        return [ImportProblem(self._label("name"), here.name if here is not None else "", words)]

    def _contact_problems(self, values: dict[str, Value], old: dict[str, Value]) -> list[ImportProblem]:
        return [
            ImportProblem(
                self._label(contact_key(place, "name")), "", _("Also enter the name of this contact.")
            )
            for place in PLACES
            if any(values.get(contact_key(place, name)) not in {None, ""} for name in CONTACT[1:])
            and not values.get(contact_key(place, "name"))
            and not old.get(contact_key(place, "name"))
        ]

    def _label(self, key: str) -> str:
        return self._target.field(key).label


def _is_other(place: ContactPlace, old: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
    """Returns whether the file names another person for this place than the present one."""
    key = contact_key(place, "name")
    before, after = str(old.get(key, "")), str(values.get(key, ""))
    return bool(before and after) and folded(before) != folded(after)


def _with_contacts(values: dict[str, Value], here: OrganizationHere) -> dict[str, Value]:
    """Returns the values without the earlier contact's if another person takes the place.

    Values that the file leaves empty are cleared, or filled in with what is known about the new person.
    """
    found = dict(values)
    for place in PLACES:
        if _is_other(place, here.values, values):
            known = _known_person(here, str(values[contact_key(place, "name")]), values)
            for name in CONTACT:
                before = known.values[name] if known is not None else None
                found.setdefault(contact_key(place, name), "" if before is None else before)
    return found


def _known_person(here: OrganizationHere, name: str, values: Mapping[str, Value]) -> ImportedContact | None:
    """Returns the contact with this name who has no place, or whose place another person takes."""
    for person in here.people:
        free = person.place not in PLACES or _is_other(person.place, here.values, values)
        if free and folded(str(person.values["name"])) == folded(name):
            return person
    return None


# -- writing


def write(
    actor: Membership, comparison: OrganizationComparison, takes: Callable[[PreviewRow], bool]
) -> tuple[int, int]:
    """Writes the compared rows; returns how many organizations were added and changed.

    `takes` says whether a possible duplicate is added.

    It takes a handful of statements for any number of rows. Raises StaleVersion, with nothing written, if the
    organizations have changed since they were compared.
    """
    if organizations_here(actor, lock=True) != comparison.here:
        raise StaleVersion
    chosen = [each for each in comparison.planned if each.row.outcome is not Outcome.ALIKE or takes(each.row)]
    new = [each for each in chosen if each.row.outcome in {Outcome.NEW, Outcome.ALIKE}]
    changed = [each for each in chosen if each.row.outcome is Outcome.CHANGED and each.here is not None]
    try:
        ids = _insert_organizations(actor, new)
        _update_organizations(actor, changed)
        _write_tags(actor, [*zip(ids, new, strict=True), *_with_ids(changed)])
        _write_contacts(actor, [*zip(ids, new, strict=True), *_with_ids(changed)])
        refresh_search(actor.coalition_id)
    except IntegrityError:
        raise StaleVersion from None
    fields = [(here_id, key) for here_id, each in _with_ids(changed) for key in each.sets]
    history.record_many(
        actor.coalition_id, actor.id, "partners_organization", [*((key, "added") for key in ids), *fields]
    )
    audit_service.record(actor, AuditEvent.IMPORTED, what="partners_organization", number=len(chosen))
    return len(new), len(changed)


def _with_ids(changed: Iterable[PlannedOrganization]) -> list[tuple[int, PlannedOrganization]]:
    return [(each.here.id, each) for each in changed if each.here is not None]


def _insert_organizations(actor: Membership, new: list[PlannedOrganization]) -> list[int]:
    """Inserts rows and returns their ids in the given order.

    The rows are inserted in order of name, so that two simultaneous imports cannot deadlock.
    """
    if not new:
        return []
    now = clock.now()
    rows = [
        {
            "coalition_id": actor.coalition_id,
            "name": each.sets["name"],
            "sort_key": sort_key(str(each.sets["name"]), Organization),
            "created_at": now,
            "added_by_id": actor.id,
            **{name: each.sets.get(name, "") for name in COLUMNS},
        }
        for each in new
    ]
    made = sa.insert(Organization).returning(Organization.sort_key, Organization.id)
    rows_made = db.session.execute(made, sorted(rows, key=lambda row: str(row["sort_key"])))
    ids = {row.sort_key: row.id for row in rows_made}
    return [ids[str(row["sort_key"])] for row in rows]


def _update_organizations(actor: Membership, changed: list[PlannedOrganization]) -> None:
    rows = [
        (
            each.here.id,
            each.here.version,
            {name: each.sets.get(name, each.here.values.get(name, "")) for name in COLUMNS},
        )
        for each in changed
        if each.here is not None
    ]
    claim_all(Organization, rows)


def _write_tags(actor: Membership, planned: list[tuple[int, PlannedOrganization]]) -> None:
    """Replaces all tags of a kind by those in the file."""
    table: Any = OrganizationTag.__table__
    connection = db.session.connection()
    old = [
        {"key": key, "old": kind}
        for key, each in planned
        if each.here is not None
        for name, kind in TAGS.items()
        if name in each.sets and each.here.values.get(name)
    ]
    if old:
        gone = sa.delete(table).where(
            table.c.organization_id == sa.bindparam("key"),
            table.c.kind == sa.bindparam("old", type_=table.c.kind.type),
        )
        connection.execute(gone, old)
    rows = [
        {
            "coalition_id": actor.coalition_id,
            "organization_id": key,
            "kind": kind,
            "value": word,
            "sort_key": sort_key(word, OrganizationTag),
        }
        for key, each in planned
        for name, kind in TAGS.items()
        for word in _words(each.sets.get(name, ()))
    ]
    if rows:
        connection.execute(sa.insert(table), rows)


def _words(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _write_contacts(actor: Membership, planned: list[tuple[int, PlannedOrganization]]) -> None:
    """Writes contacts. A person who loses a place becomes an ordinary contact; two people may swap places."""
    leaving: list[tuple[int, int, dict[str, object]]] = []
    kept: list[tuple[int, int, dict[str, object]]] = []
    added: list[dict[str, object]] = []
    for key, each in planned:
        for place in PLACES:
            sets = {
                name: each.sets[contact_key(place, name)]
                for name in CONTACT
                if contact_key(place, name) in each.sets
            }
            if not sets:
                continue
            person = each.here.at(place) if each.here is not None else None
            if person is not None and each.here is not None and _is_other(place, each.here.values, each.sets):
                leaving.append((person.id, person.version, {}))
                person = _known_person(each.here, str(sets["name"]), each.sets)
            columns = {**(person.values if person is not None else {}), **sets}
            if person is None:
                added.append(
                    {"coalition_id": actor.coalition_id, "organization_id": key, **_stored(columns, place)}
                )
            else:
                kept.append((person.id, person.version, _stored(columns, place)))
    claim_all(Contact, leaving, place=ContactPlace.OTHER)
    gone = {key for key, *_rest in leaving}
    # Giving up the place raised the version.
    claim_all(Contact, [(key, version + (key in gone), new) for key, version, new in kept])
    if added:
        db.session.connection().execute(sa.insert(Contact.__table__), added)  # type: ignore[arg-type]


def _stored(columns: Mapping[str, object], place: ContactPlace) -> dict[str, object]:
    return {
        "place": place,
        "name": columns["name"],
        "sort_key": sort_key(str(columns["name"]), Contact),
        "may_commit": columns.get("may_commit") if isinstance(columns.get("may_commit"), bool) else None,
        **{name: columns.get(name) or "" for name in ("job", "email", "phone")},
    }
