"""The last step of bringing people in: who comes in, as what, and whether they are invited."""

import hashlib

from flask import request
from wtforms import BooleanField, Field, SelectField
from wtforms.fields.choices import SelectChoice

from engage.coalitions.labels import ROLE_LABELS, ROLE_WHY
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.directory.imports.service import PeoplePreview
from engage.directory.imports.target import sector_of_name
from engage.directory.people.forms import Days
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports.forms import SaveForm
from engage.imports.preview import Preview, PreviewRow
from engage.web.forms import OneOf, SeveralOf

# The page offers at most this many people to check, and brings in at most this many at once: each of them gets a link.
MOST_OFFERED = 1_000
MOST_AT_ONCE = 200


class BringForm(SaveForm):
    """The confirmation of a list of people. Nobody is checked; whoever is not checked stays out."""

    everyone = BooleanField()
    people = SeveralOf(_l("Who comes in?"))
    role = OneOf(
        _l("Role"),
        [(role, ROLE_LABELS[role]) for role in (Role.MEMBER, Role.VIEWER)],
        descriptions=ROLE_WHY,
        required=_l("Choose a role."),
        default=Role.MEMBER.value,
    )
    days = Days(_l("The links work for"))

    preview: PeoplePreview

    @classmethod
    def fields_for(cls, preview: Preview) -> dict[str, object]:
        """Returns a field for each new organization of the checked people of which more has to be known."""
        assert isinstance(preview, PeoplePreview)
        unclear = preview.unclear(_checked(preview))
        return {_name(key): _organization_field(preview, key, name) for key, name in unclear.items()}

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        rows = [row for row in self.preview.rows if row.number in self.preview.newcomers]
        self.people.choices = [SelectChoice(str(row.number), row.name) for row in rows[:MOST_OFFERED]]
        self.people.descriptions = {str(row.number): _said(row) for row in rows[:MOST_OFFERED]}
        count = len(rows)
        self.everyone.label.text = (
            ngettext("The one new person", "All %(num)s new people", count)
            if count <= MOST_AT_ONCE
            else _("The first %(most)s of %(many)s new people", most=MOST_AT_ONCE, many=count)
        )

    @property
    def chosen(self) -> list[int]:
        return _checked(self.preview)

    @property
    def organizations(self) -> list[Field]:
        """Returns the fields about new organizations."""
        return [self[_name(key)] for key in self.preview.unclear(self.chosen) if _name(key) in self]

    @property
    def answers(self) -> dict[str, str]:
        return {key: self[_name(key)].data for key in self.preview.unclear(self.chosen)}

    def validate(self, extra_validators: object = None) -> bool:
        # The questions about wrong rows and duplicates are not asked: whoever is not checked stays out.
        valid = super(SaveForm, self).validate(extra_validators)
        number = len(self.chosen)
        if not number:
            self.refuse("people", _("Check who comes in."))
        if number > MOST_AT_ONCE:
            words = _(
                "At most %(most)s people at once. Bring in some now, and the others after that.",
                most=MOST_AT_ONCE,
            )
            self.refuse("people", words)
        if any(row.found for row in self.preview.rows if row.number in self.chosen) and not self.accepted:
            self.refuse("texts", _("Read the wording that may contain details, then check the box."))
        for each in self.organizations:
            if each.name not in request.form or not each.data:
                self.refuse(each.name, _("Choose what “%(name)s” is.", name=each.label.text))
        return valid and not self.errors


def _checked(preview: PeoplePreview) -> list[int]:
    """Returns the rows that the request names, or all if it asks for everyone."""
    if "everyone" in request.form:
        return sorted(preview.newcomers)[:MOST_AT_ONCE]
    told = {text for text in request.form.getlist("people") if text.isdecimal() and len(text) < 8}
    return sorted({int(text) for text in told} & preview.newcomers.keys())


def _said(row: PreviewRow) -> str:
    """Returns what stands below a person's name."""
    return " · ".join((*(each.new for each in row.changes), *row.notes)) or _(
        "No address: they cannot be invited."
    )


def _organization_field(preview: PeoplePreview, key: str, name: str) -> SelectField:
    alike = [
        (f"{found}", preview.here.organizations[int(str(found))]) for found in preview.alike_names.like(key)
    ]
    sectors = [each for each in content().sectors if each.key != "residents"]
    return SelectField(
        name,
        choices=[
            SelectChoice("", _("Choose one")),
            *(SelectChoice(value, _("It is %(name)s", name=here)) for value, here in alike),
            *(SelectChoice(each.key, _("New: %(sector)s", sector=each.name)) for each in sectors),
        ],
        default="" if alike else sector_of_name(name),
    )


def _name(key: str) -> str:
    return f"organization_{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"
