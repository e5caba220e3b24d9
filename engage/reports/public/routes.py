"""Serves what the public sees to coordinators: choosing, previewing, publishing, revoking."""

from datetime import date

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import queries as plan_queries
from engage.reports.blueprint import bp
from engage.reports.models import PublicPage
from engage.reports.public import queries, service
from engage.reports.public.forms import PublicPageForm
from engage.reports.public.pages import editor
from engage.reports.public.pages.editor import Candidates
from engage.reports.public.pages.progress import progress_of
from engage.web import links
from engage.web.access import button
from engage.web.differences import Difference, differences


def _today() -> date:
    return clock.today(g.coalition.time_zone)


def _candidates() -> Candidates | None:
    """Returns everything in the current plan that can be shown; None if there is no current plan."""
    plan = plan_queries.current_plan(g.membership)
    return Candidates.of(g.membership, plan, _today()) if plan is not None else None


def _now() -> Candidates:
    """Returns everything in the current plan that can be shown.

    Raises WrongState if there is no current plan.
    """
    found = _candidates()
    if found is None:
        raise WrongState(
            _("Nothing was saved: the public page shows the goals of an adopted plan. Adopt one first.")
        )
    return found


def _page(found: Candidates, form: PublicPageForm, differing: list[Difference] | None = None) -> str:
    return render_template(
        "reports/public/public_edit.html",
        form=form,
        goals=editor.goal_fields(found, form, _today()),
        partners=editor.partner_fields(found, form),
        units=editor.unit_choices(),
        differences=differing,
        **_standing(found.page),
    )


def _standing(page: PublicPage | None) -> dict[str, object]:
    token = service.token_of(page) if page is not None else None
    link = links.external(url_for("public.progress", token=token)) if token else None
    return {
        "page_row": page,
        "link": link,
        "qr": links.qr(link) if link else None,
        "moves": queries.moves_of(page) if page is not None else [],
    }


@bp.get("/public")
@allows(Permission.PUBLISH)
def public_page() -> str:
    found = _candidates()
    if found is None:
        page = queries.page_of(g.membership)
        return render_template(
            "reports/public/public_no_plan.html", shown=progress_of(g.coalition, _today()), **_standing(page)
        )
    return _page(found, found.form(typed=False))


@bp.post("/public")
@allows(Permission.PUBLISH)
def save_public_page() -> Response | tuple[str, int]:
    found = _now()
    form, differing, status = found.form(typed=True), None, 422
    if form.validate_on_submit():
        try:
            page = service.save(g.membership, form.opened_version, form.chosen())
            db.session.commit()
            flash(
                _("Saved. The public page shows it now.")
                if page.is_public
                else _("Saved. Preview the page, then publish it.")
            )
            return redirect(url_for(".public_page" if page.is_public else ".public_preview"), 303)
        except StaleVersion:
            found, status = _now(), 409
            assert found.page is not None
            differing = differences(form, found.form(typed=False), found.page.version)
    return _page(found, form, differing), status


@bp.get("/public/preview")
@allows(Permission.PUBLISH)
def public_preview() -> str:
    """Shows the public page, rendered from the same template, with a bar above it."""
    page = queries.page_of(g.membership)
    return render_template(
        "reports/public/public.html",
        shown=progress_of(g.coalition, _today()),
        preview={"is_public": page is not None and page.is_public},
        feed_url=None,
    )


def _moved(done: bool, words: str) -> Response:
    """Shows a message after the commit: what happened, or that someone else did it first."""
    flash(words if done else _("Nothing was changed: someone already did this."))
    return redirect(url_for(".public_page"), 303)


@bp.post("/public/publish")
@allows(Permission.PUBLISH)
@button
def publish() -> Response:
    announces = bool(announcements_queries.public_ones(g.coalition.id, _today()))
    done = service.publish(g.membership, announces=announces)
    db.session.commit()
    return _moved(done, _("The page is public. Anyone with the link below can see it."))


@bp.post("/public/revoke")
@allows(Permission.PUBLISH)
@button
def revoke() -> Response:
    done = service.revoke(g.membership)
    db.session.commit()
    return _moved(done, _("The page is no longer public, and its link no longer works."))


@bp.post("/public/renew")
@allows(Permission.PUBLISH)
@button
def renew() -> Response:
    done = service.renew(g.membership)
    db.session.commit()
    return _moved(done, _("The page has a new link. The old one no longer works."))
