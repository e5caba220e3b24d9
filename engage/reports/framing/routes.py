"""Serves the page on which coordinators name sites, and the pages that these sites show in a frame.

A framed page has no form, no script and no cookie, and nothing records its visitors. The link and the sites are
looked up at every request, so that a revoked link and a removed site end at once.
"""

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.models import Coalition
from engage.coalitions.permissions import Permission, allows
from engage.errors import FieldRefused
from engage.extensions import answer_as_to_anybody, db, stand_at
from engage.i18n import gettext as _
from engage.plan.public.pages import open_rows
from engage.plan.signups import pages as signups
from engage.plan.signups.queries import entrance
from engage.reports import bp
from engage.reports.framing import queries, service
from engage.reports.framing.forms import SiteForm
from engage.reports.framing.pages import beginning, framed_pages, short_enough
from engage.reports.framing.queries import origins_of
from engage.reports.public import queries as public_queries
from engage.reports.public import service as public_service
from engage.reports.public.pages.progress import progress_of
from engage.reports.public.queries import coalition_by_token
from engage.web import framing
from engage.web.access import button, public
from engage.web.links import external
from engage.web.papers import on_paper
from engage.web.slips import plain

link_bp = Blueprint("framed", __name__, url_prefix=framing.PREFIX.rstrip("/"))


def _page(form: SiteForm) -> str:
    page = public_queries.page_of(g.membership)
    token = public_service.token_of(page) if page is not None else None
    return render_template(
        "reports/framing/sites.html",
        form=form,
        sites=queries.sites_of(g.membership),
        framed=framed_pages(g.membership, token, clock.today(g.coalition.time_zone)),
        is_public=page is not None and page.is_public,
    )


@bp.get("/public/sites")
@allows(Permission.PUBLISH)
def sites() -> str:
    return _page(SiteForm(formdata=None))


@bp.post("/public/sites")
@allows(Permission.PUBLISH)
def name_site() -> Response | tuple[str, int]:
    form = SiteForm()
    if not form.validate_on_submit():
        return _page(form), 422
    origin = str(form.origin.data)
    try:
        service.name_site(g.membership, origin)
    except FieldRefused as error:
        form.refuse(error.field, error.message)
        return _page(form), 422
    db.session.commit()
    flash(_("%(site)s may show these pages now.", site=origin))
    return redirect(url_for(".sites"), 303)


@bp.post("/public/sites/<id:site_id>/remove")
@allows(Permission.PUBLISH)
@button
def remove_site(site_id: int) -> Response:
    site = queries.site_of(g.membership, site_id) or abort(404)
    service.remove_site(g.membership, site)
    db.session.commit()
    flash(_("%(site)s can no longer show these pages.", site=site.origin))
    return redirect(url_for(".sites"), 303)


# -- for other sites


@link_bp.get("/<token>/progress")
@public
@on_paper
def progress(token: str) -> Response:
    coalition = _coalition(token)
    if coalition is None:
        return _nothing()
    shown = progress_of(coalition, clock.today(coalition.time_zone))
    whole = external(url_for("public.progress", token=token))
    return _answer(
        coalition,
        lambda most: render_template("reports/framing/progress.html", shown=shown, most=most, whole=whole),
    )


@link_bp.get("/<token>/calendar")
@public
@on_paper
def calendar(token: str) -> Response:
    coalition = _coalition(token)
    if coalition is None:
        return _nothing()
    rows = open_rows(coalition, clock.today(coalition.time_zone))
    whole, feed = (external(url_for(view, token=token)) for view in ("public.progress", "public.meetings"))
    return _answer(
        coalition,
        lambda most: render_template(
            "reports/framing/calendar.html",
            coalition=coalition,
            rows=rows[:most],
            has_more=len(rows) > most,
            whole=whole,
            feed=feed,
        ),
    )


@link_bp.get("/event/<token>")
@public
@on_paper
def event(token: str) -> Response:
    answer_as_to_anybody()
    found = entrance(plain(token))
    if found is None:
        return _nothing()
    stand_at(found.coalition)
    shown = signups.public(found)
    whole = external(url_for("event.show_event", token=token))
    return _answer(
        found.coalition,
        lambda most: render_template(
            "reports/framing/event.html",
            event=shown,
            about=beginning(shown.about, most),
            takes_signups=found.takes_signups,
            whole=whole,
        ),
    )


def _coalition(token: str) -> Coalition | None:
    answer_as_to_anybody()
    coalition = coalition_by_token(token)
    if coalition is not None:
        stand_at(coalition)
    return coalition


def _answer(coalition: Coalition, render: Callable[[int], str]) -> Response:
    return framing.answer(short_enough(render), origins_of(coalition.id))


def _nothing() -> Response:
    response = framing.answer(render_template("reports/framing/nothing.html"), ())
    response.status_code = 404
    return response
