"""Serves the list of organizations, an organization's page, and the button that marks it as checked."""

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from engage import clock
from engage.assessment.efforts import service as efforts_service
from engage.chain.offers.pages import Offers
from engage.coalitions.permissions import Permission, allows, may
from engage.directory.people.queries import last_heard
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import bp, queries
from engage.partners.agreements.list import agreements_with
from engage.partners.contacts import service as contacts_service
from engage.partners.labels import PLACE_LABELS, commit_words
from engage.partners.models import Organization
from engage.partners.organizations import service
from engage.partners.organizations.pages.list import directory_page
from engage.partners.organizations.pages.organization import (
    Conversations,
    OrganizationPage,
    agreement_lines,
)
from engage.partners.organizations.queries import OrganizationFilters
from engage.partners.organizations.routes import address_of, organization_or_404
from engage.partners.services.pages import list as services_pages
from engage.plan.actions.queries import origins
from engage.strengths import queries as strengths
from engage.web.access import button


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    filters = (
        OrganizationFilters.of(request.args)
        if sees_people
        else OrganizationFilters.of(request.args).without_people()
    )
    today = clock.today(g.coalition.time_zone)
    page = request.args.get("page", "")
    heard = last_heard(g.membership) if filters.quiet else {}
    shown = directory_page(g.membership, filters, today, page, sees_people=sees_people, heard=heard)
    return render_template("partners/organizations/index.html", shown=shown)


@bp.get("/<id:organization_id>/")
@allows(Permission.SEE)
def organization(organization_id: int) -> str:
    return show(organization_or_404(organization_id))


def show(this_organization: Organization) -> str:
    """Shows an organization's page; a viewer sees no people and nothing that is for members only."""
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    today = clock.today(g.coalition.time_zone)
    return render_template(
        "partners/organizations/organization.html",
        organization=this_organization,
        shown=OrganizationPage.of(this_organization, today, g.coalition.time_zone),
        contacts=contacts_service.contacts_of(this_organization) if sees_all else [],
        place_words=PLACE_LABELS,
        commit_words=commit_words,
        conversations=Conversations.of(g.membership, this_organization, request.args.get("conversations", ""))
        if sees_all
        else None,
        agreements=agreement_lines(agreements_with(g.membership, this_organization.id, today), today),
        people=queries.people_from(this_organization) if sees_all else [],
        offers=Offers.of(
            g.membership,
            strengths.strengths_of_organization(g.membership, this_organization.id) if sees_all else [],
        ),
        efforts=efforts_service.efforts_of_organization(g.membership, this_organization.id)
        if sees_all
        else [],
        actions=origins.actions_with(g.membership, this_organization.id),
        services=services_pages.own_services(
            this_organization, today, edits=may(g.membership.role, Permission.WORK)
        ),
        may_delete=service.may_delete(g.membership, this_organization),
    )


@bp.post("/<id:organization_id>/still-right")
@allows(Permission.WORK)
@button
def still_right(organization_id: int) -> Response:
    this_organization = organization_or_404(organization_id)
    service.verify(g.membership, this_organization)
    db.session.commit()
    flash(_("Noted: you checked it today, and it is still correct."))
    return redirect(address_of(this_organization), 303)
