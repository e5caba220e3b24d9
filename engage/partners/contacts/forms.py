"""The form on a contact."""

from engage.accounts.service import folded_email
from engage.i18n import lazy_gettext as _l
from engage.partners.labels import PLACE_LABELS
from engage.partners.models import Contact
from engage.partners.rules import ContactPlace
from engage.web.forms import (
    Address,
    FreeLine,
    NameLine,
    OneOf,
    PhoneLine,
    RowSelect,
    VersionedForm,
    with_optional_texts,
)


@with_optional_texts(Contact)
class ContactForm(VersionedForm):
    """The form of a person at an organization who may be called."""

    name = NameLine(_l("Name"), longest=200, required=_l("Enter the person’s name."))
    job = FreeLine(
        _l("Their job there"), longest=120, description=_l("A title or a task, such as: night desk.")
    )
    place = OneOf(
        _l("Kind of contact"),
        [(place.value, words) for place, words in PLACE_LABELS.items()],
        required=_l("Choose the kind of contact."),
        descriptions={
            ContactPlace.MAIN: _l(
                "The person we call first. The current main contact becomes the alternate."
            ),
            ContactPlace.ALTERNATE: _l("The person we call when the main contact is away."),
        },
    )
    may_commit = OneOf(
        _l("May they promise something in the organization’s name?"),
        [("", _l("Not asked yet")), ("yes", _l("Yes")), ("no", _l("No"))],
        default="",
        description=_l("Front-line staff rarely can. Ask before you count on it."),
    )
    membership_id = RowSelect(
        _l("Are they a member of the coalition?"),
        nothing=_l("No"),
        description=_l("Their name here will then link to their page."),
    )
    email = Address(_l("E-mail"))
    phone = PhoneLine(_l("Phone"))

    def validate_email(self, field: Address) -> None:
        field.data = folded_email(field.data or "")

    @classmethod
    def of(cls, contact: Contact) -> "ContactForm":
        """Returns the form filled in from the contact."""
        form = cls(formdata=None, obj=contact)
        form.may_commit.data = {None: "", True: "yes", False: "no"}[contact.may_commit]
        return form

    def fields(self) -> dict[str, object]:
        """Returns the contact's columns by name."""
        return {
            "name": self.name.data,
            "job": self.job.data or "",
            "place": ContactPlace(self.place.data),
            "may_commit": {"yes": True, "no": False}.get(self.may_commit.data or ""),
            "membership_id": self.membership_id.row_id,
            "email": self.email.data or "",
            "phone": self.phone.data or "",
            **self.optional_texts,
        }
