"""Serves the referral list: finding a service, its page, adding, checking, deleting, the list on paper."""

from collections.abc import Sequence
from datetime import date

from flask import Response as FlaskResponse
from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.partners import bp
from engage.partners import queries as partners_queries
from engage.partners.models import Organization
from engage.partners.models import Service as ServiceModel
from engage.partners.organizations.routes import organization_or_404
from engage.partners.services import queries, service
from engage.partners.services.forms import TITLE_LONGEST, ServiceForm
from engage.partners.services.pages import list as list_pages
from engage.partners.services.pages import papers
from engage.partners.services.queries import Listed, ServiceFilters, ServiceLine
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.links import onward
from engage.web.lists import one_line
from engage.web.paper.answers import pdf_answer
from engage.web.papers import on_paper


def _today() -> date:
    return clock.today(g.coalition.time_zone)


def _works() -> bool:
    return may(g.membership.role, Permission.WORK)


def line_or_404(service_id: int) -> ServiceLine:
    """Returns a service; only people who may edit the list see one whose organization has not agreed."""
    found = queries.line_of(g.membership, service_id, _today())
    if found is not None and found.service.agreed_on is None and not _works():
        abort(404)
    return found or gone(service.TABLE, service_id)


# -- the list


@bp.get("/services/")
@allows(Permission.SEE)
def services() -> str:
    filters = ServiceFilters.of(request.args)
    shown = list_pages.referral_list(
        queries.services_of(g.coalition.id, _today()),
        filters,
        request.args.get("page", ""),
        lambda **args: url_for("partners.services", **args),
        edits=_works(),
    )
    return render_template("partners/services/services.html", shown=shown)


def _on_paper() -> Sequence[ServiceLine]:
    """Returns the listed services that the address asks for."""
    filters = ServiceFilters.of(request.args).with_(show=Listed.LISTED)
    return filters.only(queries.services_of(g.coalition.id, _today()))


@bp.get("/services/list.pdf")
@allows(Permission.SEE)
@on_paper
def services_pdf() -> FlaskResponse:
    return pdf_answer(papers.list_paper(g.coalition, _on_paper(), _today()))


@bp.get("/services/card.pdf")
@allows(Permission.SEE)
@on_paper
def services_card_pdf() -> FlaskResponse:
    return pdf_answer(papers.card_paper(g.coalition, _on_paper(), _today()))


# -- one service


@bp.get("/services/<id:service_id>/", endpoint="service")
@allows(Permission.SEE)
def show_service(service_id: int) -> str:
    return _service_page(line_or_404(service_id))


def _service_page(line: ServiceLine) -> str:
    return render_template(
        "partners/services/service.html",
        line=line,
        service=line.service,
        may_delete=service.may_delete(g.membership, line.service),
    )


@bp.post("/services/<id:service_id>/checked")
@allows(Permission.WORK)
@button
def check_service(service_id: int) -> Response:
    line = line_or_404(service_id)
    service.check(g.membership, line.service)
    db.session.commit()
    flash(_("Noted: you checked it today, and it is still correct."))
    return redirect(_address_of(line.service), 303)


def _address_of(this_service: ServiceModel) -> str:
    return url_for("partners.service", service_id=this_service.id)


# -- adding and editing


@bp.get("/services/new")
@allows(Permission.WORK)
def new_service() -> str | Response:
    """Asks whose service it is, because an organization's entry fills in much of the form."""
    chosen = whole_number(request.args.get("organization", ""), 1)
    if chosen is not None:
        return redirect(url_for("partners.new_service_of", organization_id=chosen), 303)
    return render_template(
        "partners/services/whose.html", organizations=partners_queries.organization_choices(g.membership)
    )


def _form_page(
    form: ServiceForm,
    organization: Organization,
    this_service: ServiceModel | None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "partners/services/service_form.html",
        form=form,
        organization=organization,
        service=this_service,
        differences=found,
    )


@bp.get("/<id:organization_id>/services/new")
@allows(Permission.WORK)
def new_service_of(organization_id: int) -> str:
    """Shows the form; `?title=` names one of the services in the organization's own entry."""
    organization = organization_or_404(organization_id)
    title = one_line(request.args.get("title", ""))[:TITLE_LONGEST]
    return _form_page(ServiceForm.for_new(organization, title), organization, None)


@bp.post("/<id:organization_id>/services/new")
@allows(Permission.WORK)
def add_service(organization_id: int) -> Response | tuple[str, int]:
    organization, form = organization_or_404(organization_id), ServiceForm()
    if form.validate_on_submit():
        made = service.add(g.membership, organization, form.fields())
        db.session.commit()
        flash(_added(made))
        return onward(_address_of(made))
    return _form_page(form, organization, None), 422


def _added(made: ServiceModel) -> str:
    if made.agreed_on is not None:
        return _("“%(title)s” is on the referral list.", title=made.title)
    return _("“%(title)s” is saved. It goes on the list once they agree.", title=made.title)


@bp.get("/services/<id:service_id>/edit")
@allows(Permission.WORK)
def edit_service(service_id: int) -> str:
    this_service = line_or_404(service_id).service
    form = ServiceForm(formdata=None, obj=this_service)
    return _form_page(form, organization_or_404(this_service.organization_id), this_service)


@bp.post("/services/<id:service_id>/edit")
@allows(Permission.WORK)
def save_service(service_id: int) -> Response | tuple[str, int]:
    this_service = line_or_404(service_id).service
    organization = organization_or_404(this_service.organization_id)
    form, found, status = ServiceForm(), None, 422
    if form.validate_on_submit():
        try:
            service.edit(g.membership, this_service, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(_address_of(this_service), 303)
        except StaleVersion:
            saved = ServiceForm(formdata=None, obj=this_service)
            found, status = differences(form, saved, this_service.version), 409
    return _form_page(form, organization, this_service, found), status


@asks_to_delete(bp, "/services/<id:service_id>/delete", Permission.WORK)
def delete_service(service_id: int) -> Deletion:
    line = line_or_404(service_id)
    organization = organization_or_404(line.service.organization_id)
    return Deletion(
        page="partners/ask_to_delete.html",
        title=_("Delete the service “%(title)s”?", title=line.service.title),
        what=line.organization,
        more=_("It is removed from the referral list right away."),
        about={
            "organization": organization,
            "may_delete": service.may_delete(g.membership, line.service),
        },
        back=url_for("partners.organization", organization_id=organization.id),
        delete=lambda: (
            _("“%(name)s” is in the trash.", name=line.service.title),
            service.delete(g.membership, line.service),
        ),
        then=url_for(".services"),
    )
