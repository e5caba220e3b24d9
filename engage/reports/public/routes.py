"""Serves the public page: to coordinators, who choose, preview and publish it, and to anyone who has its link.

An outsider needs no account and gets no cookie, and nothing is recorded about them.
"""

from datetime import date

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion, WrongState
from engage.extensions import answer_as_to_anybody, db, stand_at
from engage.i18n import gettext as _
from engage.plan import queries as plan_queries
from engage.plan.public.pages import public_calendar
from engage.reports import bp
from engage.reports.models import PublicPage
from engage.reports.public import queries, service
from engage.reports.public.forms import PublicPageForm
from engage.reports.public.pages import editor
from engage.reports.public.pages.editor import Candidates
from engage.reports.public.pages.progress import progress_of
from engage.reports.public.queries import coalition_by_token
from engage.web import links
from engage.web.access import button, public
from engage.web.answers import problem
from engage.web.differences import Difference, differences

link_bp = Blueprint("public", __name__, url_prefix="/public")


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


# -- for anyone with the link


@link_bp.get("/<token>")
@public
def progress(token: str) -> str | Response:
    """Shows the public page.

    The link is looked up every time, so that a revoked link stops working at once.
    """
    answer_as_to_anybody()
    coalition = coalition_by_token(token)
    if coalition is None:
        return problem(
            404,
            _("There is no page at this link"),
            _("Part of it may be missing, or the coalition has unpublished its page."),
        )
    stand_at(coalition)
    shown = progress_of(coalition, clock.today(coalition.time_zone))
    feed_url = url_for(".meetings", token=token)
    return render_template("reports/public/public.html", shown=shown, preview=None, feed_url=feed_url)


@link_bp.get("/<token>/meetings.ics")
@public
def meetings(token: str) -> Response:
    """Sends the public meetings to a calendar program; revoking the link also ends this feed."""
    answer_as_to_anybody()
    coalition = coalition_by_token(token) or abort(404)
    text = public_calendar(coalition, clock.now(), links.external(url_for(".progress", token=token)))
    return Response(text, content_type="text/calendar; charset=utf-8")
