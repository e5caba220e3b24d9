"""Serves adding, editing and deleting an organization; its page is served by `engage.directory.partners`."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.people.pages import discipline_groups
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.database import folded, sort_key
from engage.errors import FieldRefused, StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.partners import bp, queries
from engage.partners.merging import service as merging_service
from engage.partners.models import Organization
from engage.partners.organizations import service
from engage.partners.organizations.forms import OrganizationForm
from engage.web.differences import Difference, differences
from engage.web.links import onward


def organization_or_404(organization_id: int) -> Organization:
    """Returns the organization, or redirects to the one it was merged into; typed text stays on the page."""
    found = queries.organization_of(g.membership, organization_id)
    if found is None and (key := merging_service.became(g.membership, organization_id)) is not None:
        into = queries.organization_of(g.membership, key) or abort(404)
        if request.method == "POST":
            raise WrongState(
                _(
                    "This organization was merged into “%(name)s” in the meantime. Enter it there.",
                    name=into.name,
                )
            )
        abort(redirect(address_of(into), 303))
    return found or gone(service.TABLE, organization_id)


def address_of(this_organization: Organization, anchor: str | None = None) -> str:
    return url_for("partners.organization", organization_id=this_organization.id, _anchor=anchor)


# -- adding and editing


def _saved_form(this_organization: Organization) -> OrganizationForm:
    """Returns the form filled from the row."""
    form = OrganizationForm(formdata=None, obj=this_organization)
    form.show_tags(queries.tags_of(this_organization))
    return form


def _form_page(form: OrganizationForm, this_organization: Organization | None, **more: object) -> str:
    context: dict[str, object] = {"differences": None, "alike": [], "found_here": False, **more}
    return render_template(
        "partners/organizations/organization_form.html",
        form=form,
        organization=this_organization,
        groups=discipline_groups(form),
        sure=folded(form.name.data or "") if context["alike"] else "",
        **context,
    )


def _looks_like_others(form: OrganizationForm, besides: int | None = None) -> list[Organization]:
    """Returns listed organizations that this name may mean; none once the person said that it is a different one."""
    name = form.name.data or ""
    if request.form.get("sure") == folded(name):
        return []
    return queries.organizations_like(g.membership, name, besides)


@bp.get("/new")
@allows(Permission.WORK)
def new_organization() -> str:
    form = OrganizationForm(formdata=None, name=request.args.get("name", "")[:120].replace("\0", ""))
    if request.args.get("sector") in {choice.value for choice in form.sector.choices}:
        form.sector.data = request.args["sector"]
    return _form_page(form, None)


@bp.post("/new")
@allows(Permission.WORK)
def add_organization() -> Response | tuple[str, int]:
    """Adds an organization after asking whether it is already listed; redirects to a listed one if chosen."""
    form, alike = OrganizationForm(), []
    if "use" in request.form:
        return _go_on_with(form, organization_or_404(whole_number(request.form["use"]) or 0))
    if form.validate_on_submit():
        alike = _looks_like_others(form)
        if not alike:
            try:
                this_organization = service.add(g.membership, form.fields(), form.tags())
                db.session.commit()
                flash(_("“%(name)s” is on the list.", name=this_organization.name))
                return onward(address_of(this_organization))
            except FieldRefused as error:
                db.session.rollback()
                form.refuse(error.field, error.message)
    return _form_page(form, None, alike=alike), 422


def _go_on_with(form: OrganizationForm, this_organization: Organization) -> Response | tuple[str, int]:
    """Shows the form of the listed organization, with the typed text beside the saved text. It saves nothing."""
    saved = _saved_form(this_organization)
    form.take_over(saved)
    found = differences(form, saved, this_organization.version)
    if not found:
        return redirect(address_of(this_organization), 303)
    return _form_page(form, this_organization, differences=found, found_here=True), 422


@bp.get("/<id:organization_id>/edit")
@allows(Permission.WORK)
def edit_organization(organization_id: int) -> str:
    this_organization = organization_or_404(organization_id)
    return _form_page(_saved_form(this_organization), this_organization)


@bp.post("/<id:organization_id>/edit")
@allows(Permission.WORK)
def save_organization(organization_id: int) -> Response | tuple[str, int]:
    this_organization = organization_or_404(organization_id)
    form, status = OrganizationForm(), 422
    found: list[Difference] | None = None
    alike: list[Organization] = []
    if form.validate_on_submit():
        if sort_key(form.name.data or "", Organization) != this_organization.sort_key:
            alike = _looks_like_others(form, this_organization.id)
        if not alike:
            try:
                version, fields, tags = form.opened_version, form.fields(), form.tags()
                service.edit(g.membership, this_organization, version, fields, tags)
                db.session.commit()
                flash(_("Saved."))
                return redirect(address_of(this_organization), 303)
            except FieldRefused as error:
                db.session.rollback()
                form.refuse(error.field, error.message)
            except StaleVersion:
                found, status = (
                    differences(form, _saved_form(this_organization), this_organization.version),
                    409,
                )
    return _form_page(form, this_organization, differences=found, alike=alike), status


# -- deleting


@asks_to_delete(bp, "/<id:organization_id>/delete", Permission.WORK)
def delete_organization(organization_id: int) -> Deletion:
    this_organization = organization_or_404(organization_id)
    return Deletion(
        page="partners/organizations/delete.html",
        title=_("Delete %(name)s?", name=this_organization.name),
        about={
            "organization": this_organization,
            "may_delete": service.may_delete(g.membership, this_organization),
            "is_pointed_at": bool(service.pointing(this_organization)),
        },
        back=address_of(this_organization),
        delete=lambda: (
            _("%(name)s is in the trash.", name=this_organization.name),
            service.delete(g.membership, this_organization),
        ),
        then=url_for(".index"),
    )
