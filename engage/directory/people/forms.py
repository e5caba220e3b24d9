"""Forms about people: inviting, joining, editing a person's membership, and handing over."""

from collections.abc import Iterable, Mapping, Sequence

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.coalitions.invitations import pasted
from engage.coalitions.labels import ROLE_LABELS, ROLE_WHY
from engage.coalitions.models import Membership
from engage.coalitions.rules import INVITATION_DAYS, INVITATION_MOST_USES, Role
from engage.content import loader
from engage.directory.people.held import HeldThing
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.personal_details import Finding
from engage.web.forms import (
    Address,
    EngageForm,
    FreeLine,
    FreeText,
    NameLine,
    Number,
    OneOf,
    PhoneLine,
    RowSelect,
    SeveralOf,
    details_in,
)

PASTED_LONGEST = 20_000
PASTED_MOST = 200
NO_ORGANIZATION = ("residents", "other")


class Days(SelectField):
    """The number of days that an invitation link works."""

    def __init__(self, label: str, **settings: object) -> None:
        choices = [SelectChoice(str(days), _l("%(days)s days", days=days)) for days in INVITATION_DAYS]
        super().__init__(label, choices=choices, default="30", **settings)

    @property
    def days(self) -> int:
        return int(self.data)


class PastedList(FreeText):
    """A list of addresses. Only the names beside them are kept, so only the names are looked through."""

    def look_through(self, text: str) -> tuple[Finding, ...]:
        return tuple(each for person in pasted.read(text).people for each in details_in(person.name))


class InviteForm(EngageForm):
    """The form of links bound to one address each: for a single address, or thirty pasted at once."""

    addresses = PastedList(
        _l("Who is it for?"),
        longest=PASTED_LONGEST,
        required=_l("Enter at least one e-mail address."),
        about_people=False,
        description=_l(
            "One address or many, with or without names, one per line or separated by commas or "
            "semicolons. You can paste a list from your e-mail program or a spreadsheet column "
            "as it is."
        ),
    )
    role = OneOf(
        _l("Role"),
        [*ROLE_LABELS.items()],
        descriptions=ROLE_WHY,
        required=_l("Choose a role."),
        default=Role.MEMBER.value,
    )
    days = Days(_l("The links work for"))

    # The addresses found in the text, once the form is validated.
    read = pasted.Pasted((), ())

    def validate_addresses(self, field: PastedList) -> None:
        self.read = pasted.read(field.data or "")
        if self.read.bad:
            # This text is never lazy: a lazy text goes into the page unescaped, and this one contains what
            # someone typed.
            named = "; ".join(f"“{piece[:60]}”" for piece in self.read.bad[:10])
            raise ValidationError(
                _(
                    "Not an e-mail address: %(named)s. Correct or remove it; no link was made yet.",
                    named=named,
                )
            )
        if len(self.read.people) > PASTED_MOST:
            raise ValidationError(
                _(
                    "At most %(most)s people at once. Invite some now, and the others after that.",
                    most=PASTED_MOST,
                )
            )


class OpenInvitationForm(EngageForm):
    """The form of one link for anyone who gets it; a coordinator approves each person."""

    label = NameLine(
        _l("What is this link for?"),
        description=_l(
            "A note to tell the links apart, such as “hospital social workers”. Only coordinators see it."
        ),
    )
    role = OneOf(
        _l("Role"),
        [(role, ROLE_LABELS[role]) for role in (Role.MEMBER, Role.VIEWER)],
        id="open-role",
        descriptions=ROLE_WHY,
        required=_l("Choose a role."),
        default=Role.MEMBER.value,
    )
    days = Days(_l("The link works for"), id="open-days")
    uses = Number(_l("How many people may use it"), least=1, most=INVITATION_MOST_USES, default=20)


class OriginForm(EngageForm):
    """The form for a person's origin: an organization by its name, known or new, or none."""

    name = NameLine(
        _l("Your organization"),
        description=_l("Enter its name. If it is already on the list, we use it; if not, we add it."),
    )
    sector = SelectField(
        _l("Its sector"), default="", description=_l("Only if your organization is new to this coalition.")
    )
    # The choice among similar organizations; `new:` and the name mean that none of them is meant.
    same = RadioField(_l("Is it one of these?"), choices=[], validate_choice=False)
    origin = RadioField(_l("Or are you here without an organization?"), choices=[], validate_choice=False)

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        content = loader.content()
        sectors = [sector for sector in content.sectors if sector.key != "residents"]
        self.sector.choices = [
            SelectChoice("", _("Choose one")),
            *(SelectChoice(sector.key, sector.name) for sector in sectors),
        ]
        self.origin.choices = [SelectChoice(key, content.sector(key).name) for key in NO_ORGANIZATION]
        self.origin.descriptions = {key: content.sector(key).help for key in NO_ORGANIZATION}

    def speak_of(self, name: str) -> None:
        """Sets the labels for a coordinator who answers on behalf of someone else."""
        self.name.label.text = _("The organization of %(name)s", name=name)
        self.origin.label.text = _("Or is %(name)s here without an organization?", name=name)

    def offer(self, alike: Iterable[tuple[int, str]], new: str) -> None:
        """Offers the organizations with a similar name, and the answer that none of them is meant."""
        self.same.choices = [
            *(SelectChoice(str(key), name) for key, name in alike),
            SelectChoice(new, _("No, this is a different one: add it")),
        ]


class DisciplinesForm(EngageForm):
    """The form of what a person does."""

    disciplines = SeveralOf(_l("What do you do?"))

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        offered = loader.content().person_disciplines()
        self.disciplines.choices = [SelectChoice(each.key, each.name) for each in offered]


class AboutForm(DisciplinesForm):
    """The form of what a person who joins does and can offer."""

    offer = FreeLine(
        _l("What can you offer?"),
        description=_l("A skill, a room, a contact, some hours. For example: I can train volunteers."),
    )


class OfferForm(EngageForm):
    offer = FreeLine(
        _l("One more thing you can offer"),
        required=_l("Write what you can offer."),
        description=_l("A skill, a room, a contact, some hours."),
    )


class OwnContactForm(EngageForm):
    """The form of what other members see of a person's contact data, and whether the public sees the name."""

    shows_email = BooleanField(_l("Show my e-mail address to other members"))
    phone = PhoneLine(_l("Phone"), description=_l("Leave it empty if you like."))
    shows_phone = BooleanField(_l("Show my phone number to other members"))
    named_in_public = BooleanField(
        _l("Name me on the public page with any position I hold"),
        description=_l("Only if the coalition shows its positions there. You can change this at any time."),
    )


class PersonForm(EngageForm):
    """The form of a person without an account."""

    name = NameLine(_l("Name"), required=_l("Enter the person’s name."))
    email = Address(
        _l("E-mail address"),
        description=_l(
            "Coordinators use this address to write to them and invite them; other members do not see it."
        ),
    )
    phone = PhoneLine(_l("Phone"), description=_l("Only coordinators see it."))


class RoleForm(EngageForm):
    role = OneOf(_l("Role"), [*ROLE_LABELS.items()], descriptions=ROLE_WHY, required=_l("Choose a role."))


class ClaimForm(EngageForm):
    """The form that invites a person without an account to take over their existing membership."""

    claim_email = Address(_l("E-mail address"), required=_l("Enter their e-mail address."))
    days = Days(_l("The link works for"))


class Taker(RowSelect):
    """A select of the person who takes something over; says so if they have left since the page was opened."""

    def pre_validate(self, form: object) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("This person is not a member anymore. Choose someone else.")) from None


class HandOverForm(EngageForm):
    """The form of who takes over what a person holds: one person for all of it, or a person for each thing."""

    to = Taker(_l("Everything goes to"), nothing=_l("Choose a person"))
    note = FreeText(_l("Note for the person taking over"), longest=2000)

    held: Sequence[HeldThing] = ()
    stays_with = 0
    # The organizations that people come from, by person.
    places: Mapping[int, int] = {}

    @property
    def rows(self) -> list[tuple[HeldThing, Taker]]:
        return [(each, self[each.name]) for each in self.held]

    @property
    def chooses_each(self) -> bool:
        """Returns whether a person was chosen for one of the things, or was refused there."""
        return any(field.data or field.errors for _thing, field in self.rows)

    @property
    def takers(self) -> dict[int, list[HeldThing]]:
        """Returns what goes to whom, by the ids of the people; the rest stays."""
        found: dict[int, list[HeldThing]] = {}
        for thing, field in self.rows:
            taker = field.row_id or self.to.row_id
            if taker and taker != self.stays_with and self._is_able(taker, thing):
                found.setdefault(taker, []).append(thing)
        return found

    def _is_able(self, person_id: int, thing: HeldThing) -> bool:
        return thing.organization_id is None or self.places.get(person_id) == thing.organization_id

    def offer(self, people: Sequence[tuple[int, str]], stays: str) -> None:
        """Offers these people, as (id, name); `stays` says that a thing is not handed over."""
        self.to.offer(people)
        for thing, field in self.rows:
            able = [row for row in people if self._is_able(row[0], thing)]
            field.offer([(self.stays_with, stays), *able])

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.takers:
            self.to.errors = [
                _("Only someone from that organization can take this over.")
                if self.to.row_id
                else _("Choose who takes it over.")
            ]
            return False
        return valid


def hand_over_form(
    person: Membership, held: Sequence[HeldThing], places: Mapping[int, int], **settings: object
) -> HandOverForm:
    """Builds the form of what a person holds, with a field for each thing."""
    fields: dict[str, object] = {each.name: Taker(each.words, nothing=_("As chosen above")) for each in held}
    more = {"held": held, "stays_with": person.id, "places": places}
    form: HandOverForm = type("HandOverFormOf", (HandOverForm,), {**fields, **more})(**settings)
    return form
