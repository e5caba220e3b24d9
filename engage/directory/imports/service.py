"""Compares a list of people with those who are here, and brings in the chosen ones in one transaction."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import sqlalchemy as sa
from msgspec import Struct, field

from engage.accounts.models import User
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.rules import InvitationKind, Role
from engage.coalitions.service import lock
from engage.database import folded
from engage.directory.imports.rules import named
from engage.directory.imports.target import PeopleTarget
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.lines import ImportLine
from engage.imports.preview import (
    SHOWN_ROWS,
    Change,
    ImportProblem,
    Outcome,
    Preview,
    PreviewRow,
    changes,
    doubtful,
    noting_new,
)
from engage.imports.target import Value
from engage.partners import queries as partners_queries
from engage.partners import service as partners_service
from engage.partners.duplicates.rules import DuplicateNames

# Without an organization, a person's sector is one of these.
OWN_SECTORS = frozenset({"residents", "other"})


class PeopleHere(Struct, frozen=True):
    """What a list is compared with: who is or was here by address and by folded name, who is invited, organizations.

    For each address, it says whether the person left.
    """

    left: dict[str, bool]
    names: frozenset[str]
    invited: frozenset[str]
    organizations: dict[int, str]


class Newcomer(people_service.NewPerson, frozen=True):
    """A person of the list who can come in. `organization` is as written."""

    organization: str = ""
    sector: str = ""
    disciplines: tuple[str, ...] = ()


class BroughtIn(Struct, frozen=True):
    """The ids of all rows that an import made."""

    memberships: list[int] = field(default_factory=list)
    invitations: list[int] = field(default_factory=list)
    organizations: list[int] = field(default_factory=list)


def people_here(membership: Membership) -> PeopleHere:
    """Reads what a list is compared with, in three queries."""
    coalition_id = membership.coalition_id
    people = db.session.execute(
        sa.select(Membership.name, Membership.email, User.email.label("account"), Membership.left_on)
        .outerjoin(User, User.id == Membership.user_id)
        .where(Membership.coalition_id == coalition_id)
    ).all()
    invited = sa.select(Invitation.email).where(
        Invitation.coalition_id == coalition_id,
        Invitation.kind == InvitationKind.BOUND,
        *invitations_service.usable(),
    )
    left: dict[str, bool] = {}
    for each in people:
        for email in filter(None, (each.email, each.account)):
            left[email] = left.get(email, True) and each.left_on is not None
    return PeopleHere(
        left,
        frozenset(folded(each.name) for each in people if each.left_on is None),
        frozenset(db.session.scalars(invited)),
        dict(partners_queries.organization_choices(membership)),
    )


class PeoplePreview(Preview):
    """The rows of a list, with the people who can come in by the number of their row."""

    def __init__(
        self, rows: Iterable[PreviewRow], newcomers: Mapping[int, Newcomer], here: PeopleHere
    ) -> None:
        super().__init__(rows)
        self.newcomers = newcomers
        self.here = here

    @property
    def listed(self) -> tuple[PreviewRow, ...]:
        return tuple(row for row in self.rows if row.number not in self.newcomers)[:SHOWN_ROWS]

    @cached_property
    def organizations(self) -> dict[str, int]:
        """Returns the organizations that are here, by folded name."""
        return {folded(name): key for key, name in self.here.organizations.items()}

    @cached_property
    def alike_names(self) -> DuplicateNames:
        names = DuplicateNames()
        for name, key in self.organizations.items():
            names.add(key, name)
        return names

    @cached_property
    def sectors(self) -> dict[str, str]:
        """Returns the sectors that the list gives to organizations, by folded name."""
        told = ((folded(each.organization), each.sector) for each in self.newcomers.values())
        return {key: sector for key, sector in told if key and sector not in {"", "residents"}}

    def unclear(self, chosen: Iterable[int]) -> dict[str, str]:
        """Returns the new organizations of these rows of which the sector is not known, or which resemble one here.

        They are returned as written, by folded name.
        """
        found: dict[str, str] = {}
        for each in (self.newcomers[number] for number in chosen if number in self.newcomers):
            key = folded(each.organization)
            is_new = key and key not in self.organizations
            if is_new and (key not in self.sectors or self.alike_names.like(key)):
                found.setdefault(key, each.organization)
        return found


class PeopleComparison:
    """The comparison of each row with the people who are here."""

    def __init__(self, here: PeopleHere, lines: Iterable[ImportLine], target: PeopleTarget) -> None:
        self.here = here
        self._target = target
        self._newcomers: dict[int, Newcomer] = {}
        self._rows: dict[str, int] = {}
        rows = [self._compared(line) for line in lines]
        self.preview = PeoplePreview(rows, self._newcomers, here)

    def _compared(self, line: ImportLine) -> PreviewRow:
        told = {
            key: value for key, value in line.values.items() if key not in {"name", "email", "disciplines"}
        }
        name, email = named(str(line.values.get("name", "")), str(line.values.get("email", "")))
        texts = {key: str(value) for key, value in told.items()}
        disciplines = line.values.get("disciplines", ())
        each = Newcomer(
            name, email, **texts, disciplines=disciplines if isinstance(disciplines, tuple) else ()
        )
        problems = line.problems
        if not name and not problems:
            label = self._target.field("name").label
            problems = (ImportProblem(label, "", _("Enter a name or an e-mail address.")),)
        if problems:
            return PreviewRow(line.number, name, Outcome.WRONG, problems=problems)
        outcome, notes = self._found(line.number, each)
        sets: dict[str, Value] = {"name": name, **({"email": email} if email else {}), **told}
        if each.disciplines:
            sets["disciplines"] = each.disciplines
        if outcome in {Outcome.NEW, Outcome.UNREACHED}:
            self._newcomers[line.number] = each
        return PreviewRow(
            line.number,
            name,
            outcome,
            changes=self._with_new(changes(self._target, {}, sets)),
            found=doubtful(self._target, sets),
            notes=notes,
        )

    def _found(self, number: int, each: Newcomer) -> tuple[Outcome, tuple[str, ...]]:
        """Returns what happens to a row, and why or with what in mind."""
        name = folded(each.name)
        if each.email in self.here.left:
            left = _("This person left. Invite them again by their address.")
            return Outcome.SAME, (left,) if self.here.left[each.email] else ()
        if each.email in self.here.invited:
            return Outcome.SAME, (_("Already invited, has not joined yet."),)
        if not each.email and name in self.here.names:
            return Outcome.SAME, (_("Found by the name."),)
        first, named_before = self._rows.get(each.email), self._rows.get(f" {name}")
        self._rows.setdefault(f" {name}", number)
        if first is not None or (not each.email and named_before is not None):
            words = _("Row %(row)s is the same person, or has the same address.", row=first or named_before)
            return Outcome.TWICE, (words,)
        if each.email:
            self._rows[each.email] = number
        notes = []
        if name in self.here.names:
            notes.append(_("Someone here has the same name."))
        if named_before is not None:
            notes.append(_("Row %(row)s has the same name.", row=named_before))
        if each.sector and not each.organization and each.sector not in OWN_SECTORS:
            notes.append(_("The sector is left out: it belongs to an organization."))
        return Outcome.NEW if each.email else Outcome.UNREACHED, tuple(notes)

    def _with_new(self, found: Iterable[Change]) -> tuple[Change, ...]:
        here = {folded(name) for name in self.here.organizations.values()}
        label = self._target.field("organization").label
        return noting_new(found, lambda each: each.label == label and folded(each.new) not in here)


def bring_in(
    actor: Membership,
    preview: PeoplePreview,
    chosen: Collection[int],
    answers: Mapping[str, str],
    role: Role,
    days: int | None,
) -> BroughtIn:
    """Brings in the people of the chosen rows; with `days`, also makes a link for each who has an address.

    `answers` says of a new organization, by its folded name, which sector it has or the id of the one that is meant.
    Raises StaleVersion, with nothing written, if the people or organizations have changed since they were compared.
    """
    assert role is not Role.COORDINATOR  # no file makes one
    lock(actor.coalition_id)
    if people_here(actor) != preview.here:
        raise StaleVersion
    people = [preview.newcomers[number] for number in sorted(chosen)]
    places = people_service.add_people(actor, people, role)
    brought = BroughtIn([place.id for place in places])
    organizations = _organizations(actor, preview, people, {**preview.sectors, **answers}, brought)
    origins = (
        (place.id, organizations.get(folded(each.organization)), each)
        for place, each in zip(places, people, strict=True)
    )
    partners_service.add_origins(
        actor,
        [
            (place, key, None if key else each.sector)
            for place, key, each in origins
            if key or each.sector in OWN_SECTORS
        ],
    )
    for place, each in zip(places, people, strict=True):
        if each.disciplines:
            people_service.set_disciplines(place, list(each.disciplines), actor)
    if days is not None:
        reached = [Addressee(each.email, each.name) for each in people if each.email]
        invited = invitations_service.invite_people(actor, reached, role, days)
        brought.invitations.extend(each.id for each in invited.invitations)
    audit_service.record(actor, AuditEvent.IMPORTED, what=Membership.__tablename__, number=len(people))
    return brought


def _organizations(
    actor: Membership,
    preview: PeoplePreview,
    people: Iterable[Newcomer],
    answers: Mapping[str, str],
    brought: BroughtIn,
) -> dict[str, int]:
    """Returns the organizations by folded name; those that are new are added."""
    found = dict(preview.organizations)
    for each in people:
        key = folded(each.organization)
        if not key or key in found:
            continue
        if answers[key].isdecimal():
            found[key] = int(answers[key])
        else:
            found[key] = partners_service.add_organization(actor, each.organization, answers[key]).id
            brought.organizations.append(found[key])
    return found
