"""Serves the list of known efforts: by area, added by hand, and merged into organizations."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.assessment import bp
from engage.assessment.efforts import service
from engage.assessment.efforts.forms import EffortForm, MergeEffortForm
from engage.assessment.models import Effort
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.content.loader import content
from engage.database import folded
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners import queries as partners_queries
from engage.partners import service as partners_service
from engage.partners.models import Organization
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.lists import Choice, Pages, pages_of

# With this value in the address, only efforts are shown that no coordinator has merged yet.
UNMERGED = "unmerged"


class AreaEfforts(Struct, frozen=True):
    """A focus area of the list with its efforts on this page."""

    key: str
    name: str
    rows: list[service.EffortRow]


@bp.get("/efforts/")
@allows(Permission.SEE_ALL)
def known_efforts() -> str:
    counts = service.counts(g.membership)
    names = service.area_names(g.membership, counts.by_area)
    area = request.args.get("area") or None
    if area is not None and area not in names:
        abort(404)
    unmerged = request.args.get("show") == UNMERGED
    shown = _page(counts, area, unmerged=unmerged)
    rows = service.efforts_of(g.membership, names, area=area, unmerged=unmerged, page=shown.page)
    parts = [
        AreaEfforts(key, name, found)
        for key, name in names.items()
        if (found := [row for row in rows if row.area == key])
    ]
    return render_template(
        "assessment/efforts/efforts.html",
        parts=parts,
        counts=counts,
        pills=_pills(counts, names, area, unmerged=unmerged),
        area=area,
        pages=shown,
    )


@bp.get("/efforts/new")
@allows(Permission.WORK)
def new_effort() -> str:
    names = service.area_names(g.membership)
    form = EffortForm(names, formdata=None)
    form.area.data = request.args.get("area") if request.args.get("area") in names else ""
    return _form_page(form, None)


@bp.post("/efforts/new")
@allows(Permission.WORK)
def add_effort() -> Response | tuple[str, int]:
    form = EffortForm(service.area_names(g.membership))
    if form.validate_on_submit():
        effort_ = service.add_effort(g.membership, form.said)
        db.session.commit()
        flash(_("The effort is on the list."))
        return redirect(_list_at(effort_), 303)
    return _form_page(form, None), 422


@bp.get("/efforts/<id:effort_id>")
@allows(Permission.WORK)
def effort(effort_id: int) -> str:
    found = _effort(effort_id)
    return _form_page(EffortForm(_names(found), found, formdata=None), found)


@bp.post("/efforts/<id:effort_id>")
@allows(Permission.WORK)
def change_effort(effort_id: int) -> Response | tuple[str, int]:
    found = _effort(effort_id)
    form = EffortForm(_names(found))
    if form.validate_on_submit():
        try:
            service.change_effort(g.membership, found, form.opened_version, form.said)
            db.session.commit()
            flash(_("The effort is saved."))
            return redirect(_list_at(found), 303)
        except StaleVersion:
            saved = EffortForm(_names(found), found, formdata=None)
            return _form_page(form, found, differences(form, saved, found.version)), 409
    return _form_page(form, found), 422


@asks_to_delete(bp, "/efforts/<id:effort_id>/delete", Permission.WORK)
def delete_effort(effort_id: int) -> Deletion:
    found = _effort(effort_id)
    return Deletion(
        page="assessment/efforts/effort_delete.html",
        title=_("Delete the effort of %(who)s?", who=found.who),
        what=found.what,
        about={"effort": found},
        back=url_for(".effort", effort_id=found.id),
        delete=lambda: (
            _("The effort of %(who)s is in the trash.", who=found.who),
            service.delete_effort(g.membership, found),
        ),
        then=url_for(".known_efforts"),
    )


@bp.get("/efforts/<id:effort_id>/organization")
@allows(Permission.MERGE)
def merging(effort_id: int) -> str:
    found = _effort(effort_id)
    alike = partners_queries.organizations_like(g.membership, found.who)
    form = _merge_form(found, formdata=None, data={"efforts": [str(found.id)], "name": found.who[:120]})
    same = [each for each in alike if each.sort_key == found.sort_key]
    form.organization.data = found.organization_id or (same[0].id if same else 0)
    return _merge_page(form, found, alike)


@bp.post("/efforts/<id:effort_id>/organization")
@allows(Permission.MERGE)
def merge(effort_id: int) -> Response | tuple[str, int]:
    """Merges efforts into a listed organization, or into a new one once the person confirms that it is not listed."""
    found = _effort(effort_id)
    form = _merge_form(found)
    adds = "add" in request.form
    alike: list[Organization] = []
    if form.validate_on_submit() and form.check(adds=adds):
        try:
            organization = _added(form) if adds else _chosen(form)
            if organization is not None:
                chosen = [
                    each for each in service.efforts_like(g.membership, found) if each.id in form.chosen_ids
                ]
                service.merge(g.membership, chosen, organization)
                db.session.commit()
                flash(_merged(len(chosen), organization))
                return redirect(url_for(".known_efforts"), 303)
            alike = partners_queries.organizations_like(g.membership, form.name.data or "")
        except FieldRefused as error:
            form.refuse(error.field, error.message)
    return _merge_page(form, found, alike, asks=bool(alike)), 422


@bp.post("/efforts/<id:effort_id>/organization/undo")
@allows(Permission.MERGE)
@button
def unmerge(effort_id: int) -> Response:
    found = _effort(effort_id)
    service.unmerge(g.membership, found)
    db.session.commit()
    flash(_("Undone: the effort shows the name as it was written."))
    return redirect(url_for(".effort", effort_id=effort_id), 303)


def _effort(effort_id: int) -> Effort:
    return service.effort_of(g.membership, effort_id) or gone(service.TABLE, effort_id)


def _names(effort_: Effort) -> dict[str, str]:
    return service.area_names(g.membership, [effort_.area])


def _list_at(effort_: Effort) -> str:
    return url_for(".known_efforts", _anchor=f"assessment-efforts-{effort_.area}")


def _page(counts: service.EffortCounts, area: str | None, *, unmerged: bool) -> Pages:
    """Returns the requested page, within the whole list or within the area."""
    total = counts.total if area is None else counts.by_area.get(area, 0)
    total = min(total, counts.unmerged) if unmerged else total
    show = UNMERGED if unmerged else None
    return pages_of(
        total,
        request.args.get("page", ""),
        lambda number: url_for(".known_efforts", area=area, show=show, page=number),
        service.PAGE_SIZE,
    )


def _pills(
    counts: service.EffortCounts, names: dict[str, str], area: str | None, *, unmerged: bool
) -> list[Choice]:
    pills = [Choice(_("All"), url_for(".known_efforts"), area is None and not unmerged, counts.total)]
    pills += [
        Choice(name, url_for(".known_efforts", area=key), key == area, counts.by_area.get(key, 0))
        for key, name in names.items()
    ]
    if counts.unmerged:
        url = url_for(".known_efforts", show=UNMERGED)
        pills.append(Choice(_("Without a listed organization"), url, unmerged, counts.unmerged))
    return pills


def _form_page(form: EffortForm, effort_: Effort | None, changed: list[Difference] | None = None) -> str:
    organization = None
    if effort_ is not None and effort_.organization_id is not None:
        organization = partners_queries.organization_of(g.membership, effort_.organization_id)
    return render_template(
        "assessment/efforts/effort.html",
        form=form,
        effort=effort_,
        organization=organization,
        differences=changed,
        organizations=[name for _key, name in partners_queries.organization_choices(g.membership)],
        may_delete=effort_ is not None and service.may_delete(g.membership, effort_),
    )


def _merge_form(effort_: Effort, **settings: object) -> MergeEffortForm:
    return MergeEffortForm(
        service.efforts_like(g.membership, effort_),
        partners_queries.organization_choices(g.membership),
        content().sectors,
        **settings,
    )


def _merge_page(
    form: MergeEffortForm, effort_: Effort, alike: list[Organization], *, asks: bool = False
) -> str:
    form.sure.data = folded(form.name.data or "") if asks else ""
    return render_template("assessment/efforts/merge.html", form=form, effort=effort_, alike=alike, asks=asks)


def _chosen(form: MergeEffortForm) -> Organization | None:
    return partners_queries.organization_of(g.membership, form.organization.row_id or 0)


def _added(form: MergeEffortForm) -> Organization | None:
    """Returns the organization that was added.

    Returns None if it may be listed already and the person has not confirmed that it is a different one.
    """
    name = form.name.data or ""
    if partners_queries.organizations_like(g.membership, name) and form.sure.data != folded(name):
        return None
    return partners_service.add_organization(g.membership, name, form.sector.data)


def _merged(number: int, organization: Organization) -> str:
    return ngettext(
        "%(num)s effort now belongs to %(name)s. To undo it, open the effort.",
        "%(num)s efforts now belong to %(name)s. To undo it, open the effort.",
        number,
        name=organization.name,
    )
