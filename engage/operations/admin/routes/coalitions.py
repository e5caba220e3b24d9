"""Serves the administration of coalitions, which shows nothing that a coalition wrote."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage.coalitions import service
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Coalition
from engage.coalitions.rules import Stage
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.operations import bp
from engage.operations.admin import queries as admin_queries
from engage.operations.admin import service as admin_service
from engage.operations.admin.forms import NameAgainForm, NewCoalitionForm
from engage.operations.admin.queries import CoalitionFilters, Only
from engage.web import links
from engage.web.access import admin, button, recently
from engage.web.forms import chosen
from engage.web.lists import Choice, pages_of


@bp.context_processor
def _tabs() -> dict[str, object]:
    """Provides `admin_tabs()` to templates: the tabs of the administration, with the current one marked."""
    return {"admin_tabs": admin_tabs}


def admin_tabs() -> list[Choice]:
    """Returns no tabs if the page is not a list, because its breadcrumbs lead back.

    An admin who is in no coalition has no menu, so they also get a tab for their account.
    """
    views = (
        (_("Coalitions"), "operations.coalitions"),
        (_("Accounts"), "operations.accounts"),
        (_("Network"), "operations.network"),
        (_("Health"), "operations.health"),
    )
    here = "operations.accounts" if request.endpoint == "operations.find_accounts" else request.endpoint
    if here not in [endpoint for _label, endpoint in views]:
        return []
    tabs = [Choice(label, url_for(endpoint), endpoint == here) for label, endpoint in views]
    if g.page.menu:
        return tabs
    return [*tabs, Choice(_("Your account"), url_for("accounts.profile"), False)]


@bp.get("/")
@admin
def coalitions() -> str:
    filters = CoalitionFilters.of(request.args)
    shown = pages_of(
        admin_queries.number_of_coalitions(filters),
        request.args.get("page", ""),
        lambda page: url_for(".coalitions", **filters.args(), page=page),
        admin_queries.PAGE_ROWS,
    )
    rows = admin_queries.coalitions(filters, shown.page)
    return render_template(
        "operations/admin/coalitions.html", rows=rows, pages=shown, filters=filters, pills=_pills(filters)
    )


def _pills(filters: CoalitionFilters) -> list[Choice]:
    words = {None: _("All"), Only.NO_COORDINATOR: _("No coordinator"), Only.CLOSED: _("Closed")}
    return [
        Choice(label, url_for(".coalitions", **filters.with_(only=only).args()), only is filters.only)
        for only, label in words.items()
    ]


@bp.get("/coalitions/new")
@admin
def new_coalition() -> str:
    return render_template("operations/admin/new_coalition.html", form=NewCoalitionForm())


@bp.post("/coalitions/new")
@admin
def save_new_coalition() -> str | tuple[str, int]:
    """Creates a coalition as `engage coalition create` does. Its link is shown only once, on this page."""
    form = NewCoalitionForm()
    if form.validate_on_submit():
        try:
            made = service.create_coalition(
                form.name.data or "",
                slug=form.slug.data or "",
                time_zone=form.time_zone.data or "",
                stage=chosen(Stage, form.stage.data),
            )
            token = invitations_service.invite_coordinator(made)
            db.session.commit()
            return _link_page(made, token)
        except FieldRefused as error:
            form.refuse(error.field, error.message)
    return render_template("operations/admin/new_coalition.html", form=form), 422


@bp.get("/coalitions/<id:coalition_id>/")
@admin
def coalition(coalition_id: int) -> str:
    return _page(coalition_id)


@bp.post("/coalitions/<id:coalition_id>/link")
@admin
@recently
@button
def make_link(coalition_id: int) -> str:
    """Makes a link for a coalition without a coordinator, if the first link was lost or everyone left."""
    found = _coalition(coalition_id)
    row = admin_queries.coalition_row(coalition_id)
    if row is None or row.coordinators:
        raise WrongState(_("This coalition has a coordinator, who invites the others."))
    token = admin_service.make_coordinator_link(found, current_user)
    db.session.commit()
    return _link_page(found, token)


@bp.post("/coalitions/<id:coalition_id>/close")
@admin
@button
def close(coalition_id: int) -> Response:
    found = _coalition(coalition_id)
    service.close(found)
    db.session.commit()
    flash(_("%(name)s is closed. No one can get in, and nothing is lost.", name=found.name))
    return redirect(url_for(".coalition", coalition_id=found.id), 303)


@bp.post("/coalitions/<id:coalition_id>/open")
@admin
@button
def open_again(coalition_id: int) -> Response:
    found = _coalition(coalition_id)
    service.open_again(found)
    db.session.commit()
    flash(_("%(name)s is open again, and everything is still here.", name=found.name))
    return redirect(url_for(".coalition", coalition_id=found.id), 303)


@bp.get("/coalitions/<id:coalition_id>/delete")
@admin
@recently
def delete(coalition_id: int) -> str:
    return _delete_page(_coalition(coalition_id), NameAgainForm())


@bp.post("/coalitions/<id:coalition_id>/delete")
@admin
@recently
def confirm_delete(coalition_id: int) -> Response | tuple[str, int]:
    """Deletes all rows of the coalition, after its name was typed."""
    found, form = _coalition(coalition_id), NameAgainForm()
    if form.validate_on_submit() and form.names(found.name):
        name = found.name
        admin_service.remove(found)
        db.session.commit()
        flash(_("%(name)s is deleted, with everything it held.", name=name))
        return redirect(url_for(".coalitions"), 303)
    return _delete_page(found, form), 422


def _delete_page(found: Coalition, form: NameAgainForm) -> str:
    return render_template("operations/admin/delete_coalition.html", coalition=found, form=form)


def _coalition(coalition_id: int) -> Coalition:
    return admin_queries.coalition(coalition_id) or abort(404)


def _page(coalition_id: int) -> str:
    row = admin_queries.coalition_row(coalition_id) or abort(404)
    return render_template("operations/admin/coalition.html", row=row)


def _link_page(made: Coalition, token: str) -> str:
    link = links.external(url_for("join.open_link", token=token))
    return render_template(
        "operations/admin/coordinator_link.html", coalition=made, link=link, qr=links.qr(link)
    )
