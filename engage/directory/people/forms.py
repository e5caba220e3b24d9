"""Forms about people: inviting, joining, and editing a person's membership."""

from collections.abc import Iterable

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.coalitions.invitations import pasted
from engage.coalitions.labels import ROLE_LABELS, ROLE_WHY
from engage.coalitions.rules import INVITATION_DAYS, INVITATION_MOST_USES, Role
from engage.content import loader
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


class HandOverForm(EngageForm):
    """The form that chooses who takes over everything that a person is responsible for."""

    to = RowSelect(_l("Who takes this over?"), nothing=_l("No one yet: decide later"))
