"""Serves merging two organizations: finding the other one, a preview, and the merge."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import bp, queries
from engage.partners.labels import moved_words
from engage.partners.merging import service
from engage.partners.merging.forms import MergeForm
from engage.partners.models import Organization
from engage.partners.organizations import service as organizations_service
from engage.partners.organizations.routes import address_of, organization_or_404

SEARCH_LONGEST = 120


@bp.get("/<id:organization_id>/merge")
@allows(Permission.MERGE)
def find_other(organization_id: int) -> str:
    """Shows organizations with similar names, or those that a search finds."""
    organization = organization_or_404(organization_id)
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:SEARCH_LONGEST]
    if words:
        found = queries.organizations_named(g.membership, words)
    else:
        found = queries.organizations_like(g.membership, organization.name, organization.id)
    others = [each for each in found if each.id != organization.id]
    return render_template(
        "partners/merging/find_other.html", organization=organization, words=words, others=others
    )


@bp.get("/<id:organization_id>/merge/<id:other_id>")
@allows(Permission.MERGE)
def preview_merge(organization_id: int, other_id: int) -> str:
    kept, other = _both(organization_id, other_id)
    return _preview(MergeForm.of(kept, other, formdata=None), kept, other)


@bp.post("/<id:organization_id>/merge/<id:other_id>")
@allows(Permission.MERGE)
def merge_organizations(organization_id: int, other_id: int) -> Response | tuple[str, int]:
    kept, other = _both(organization_id, other_id)
    form = MergeForm.of(kept, other)
    if form.validate_on_submit():
        try:
            name, versions = other.name, (form.opened_version, form.other_opened_version)
            service.merge(g.membership, kept, other, versions, form.chosen(kept, other))
            db.session.commit()
            flash(_("“%(name)s” is now part of this one.", name=name))
            return redirect(address_of(kept), 303)
        except StaleVersion:
            kept, other = _both(organization_id, other_id)
            return _preview(MergeForm.of(kept, other, formdata=None), kept, other, stale=True), 409
    return _preview(form, kept, other), 422


def _both(organization_id: int, other_id: int) -> tuple[Organization, Organization]:
    if organization_id == other_id:
        abort(404)
    return organization_or_404(organization_id), organization_or_404(other_id)


def _preview(form: MergeForm, kept: Organization, other: Organization, *, stale: bool = False) -> str:
    return render_template(
        "partners/merging/merge.html",
        form=form,
        kept=kept,
        other=other,
        moves=moved_words(organizations_service.pointing(other, with_parts=True)),
        stale=stale,
        swap_url=url_for(".preview_merge", organization_id=other.id, other_id=kept.id),
    )
