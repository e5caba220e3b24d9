"""Serves contacts of an organization: adding, editing, deleting. The organization's page shows them."""

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices, person_of
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.partners import bp
from engage.partners.contacts import service
from engage.partners.contacts.forms import ContactForm
from engage.partners.models import Contact, Organization
from engage.partners.organizations.routes import address_of, organization_or_404
from engage.partners.rules import ContactPlace
from engage.web.differences import Difference, differences
from engage.web.links import onward


def _contact_or_404(contact_id: int) -> tuple[Contact, Organization]:
    contact = service.contact_of(g.membership, contact_id) or gone(service.TABLE, contact_id)
    return contact, organization_or_404(contact.organization_id)


def _offer(form: ContactForm, contact: Contact | None = None) -> ContactForm:
    member = contact.membership_id if contact is not None else None
    form.membership_id.offer(people_choices(g.membership, member))
    return form


def _form_page(
    form: ContactForm,
    organization: Organization,
    contact: Contact | None,
    found: list[Difference] | None = None,
) -> str:
    may_delete = contact is not None and service.may_delete(g.membership, contact)
    return render_template(
        "partners/contacts/contact_form.html",
        form=form,
        organization=organization,
        contact=contact,
        differences=found,
        may_delete=may_delete,
    )


@bp.get("/<id:organization_id>/contacts/new")
@allows(Permission.WORK)
def new_contact(organization_id: int) -> str:
    """Shows the form; `?member=` fills it in with one of the coalition's people."""
    organization = organization_or_404(organization_id)
    has_main = any(each.place is ContactPlace.MAIN for each in service.contacts_of(organization))
    form = _offer(ContactForm(formdata=None))
    form.place.data = ContactPlace.OTHER.value if has_main else ContactPlace.MAIN.value
    key = whole_number(request.args.get("member", ""))
    person = None if key is None else person_of(g.membership, key)
    if person is not None:
        form.membership_id.data, form.name.data = person.id, person.name
    return _form_page(form, organization, None)


@bp.post("/<id:organization_id>/contacts/new")
@allows(Permission.WORK)
def add_contact(organization_id: int) -> Response | tuple[str, int]:
    organization = organization_or_404(organization_id)
    form = _offer(ContactForm())
    if form.validate_on_submit():
        contact = service.add(g.membership, organization, form.fields())
        db.session.commit()
        flash(_("%(name)s is on the list of contacts.", name=contact.name))
        return onward(address_of(organization, "partners-contacts"))
    return _form_page(form, organization, None), 422


@bp.get("/contacts/<id:contact_id>/edit")
@allows(Permission.WORK)
def edit_contact(contact_id: int) -> str:
    contact, organization = _contact_or_404(contact_id)
    return _form_page(_offer(ContactForm.of(contact), contact), organization, contact)


@bp.post("/contacts/<id:contact_id>/edit")
@allows(Permission.WORK)
def save_contact(contact_id: int) -> Response | tuple[str, int]:
    contact, organization = _contact_or_404(contact_id)
    form, found, status = _offer(ContactForm(), contact), None, 422
    if form.validate_on_submit():
        try:
            service.edit(g.membership, contact, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(address_of(organization, "partners-contacts"), 303)
        except StaleVersion:
            saved = _offer(ContactForm.of(contact), contact)
            found, status = differences(form, saved, contact.version), 409
    return _form_page(form, organization, contact, found), status


@asks_to_delete(bp, "/contacts/<id:contact_id>/delete", Permission.WORK)
def delete_contact(contact_id: int) -> Deletion:
    contact, organization = _contact_or_404(contact_id)
    return Deletion(
        page="partners/ask_to_delete.html",
        title=_("Delete the contact %(name)s?", name=contact.name),
        what=contact.job,
        more=_("Conversations with this person stay, without the name."),
        about={"organization": organization, "may_delete": service.may_delete(g.membership, contact)},
        back=address_of(organization),
        delete=lambda: (
            _("%(name)s is in the trash.", name=contact.name),
            service.delete(g.membership, contact),
        ),
        then=address_of(organization, "partners-contacts"),
    )
