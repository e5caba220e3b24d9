"""Serves the link to the referral list: its page for coordinators, and the list for anyone who has the link."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.extensions import answer_as_to_anybody, db, stand_at
from engage.i18n import gettext as _
from engage.partners import bp as partners_bp
from engage.partners.services import queries
from engage.partners.services.link import service
from engage.partners.services.pages.list import referral_list
from engage.partners.services.queries import ServiceFilters
from engage.web import links
from engage.web.access import button, public
from engage.web.answers import problem

bp = Blueprint("referrals", __name__, url_prefix="/referrals")


@bp.get("/<token>")
@public
def shared(token: str) -> str | Response:
    """Shows the list. It asks the database every time, so that a revoked link stops working at once."""
    answer_as_to_anybody()
    coalition = service.coalition_by_token(token)
    if coalition is None:
        return problem(
            404,
            _("There is no page at this link"),
            _("Part of it may be missing, or it has ended. Ask the coalition for a new link."),
        )
    stand_at(coalition)
    shown = referral_list(
        queries.services_of(coalition.id, clock.today(coalition.time_zone)),
        ServiceFilters.of(request.args),
        request.args.get("page", ""),
        lambda **args: url_for("referrals.shared", token=token, **args),
        edits=False,
    )
    here = url_for("referrals.shared", token=token)
    return render_template("partners/services/shared.html", shown=shown, coalition=coalition, here=here)


@partners_bp.get("/services/link")
@allows(Permission.PUBLISH)
def referral_link() -> str:
    row = service.link_of(g.membership)
    token = service.token_of(row) if row is not None else None
    link = links.external(url_for("referrals.shared", token=token)) if token else None
    return render_template(
        "partners/services/link.html",
        row=row,
        is_over=row is not None and service.is_over(row.ends_on, g.coalition),
        link=link,
        qr=links.qr(link) if link else None,
    )


@partners_bp.post("/services/link/make")
@allows(Permission.PUBLISH)
@button
def make_referral_link() -> BaseResponse:
    service.make(g.membership)
    db.session.commit()
    flash(_("The link is made. Give it only to staff of your members’ agencies."))
    return redirect(url_for("partners.referral_link"), 303)


@partners_bp.post("/services/link/revoke")
@allows(Permission.PUBLISH)
@button
def revoke_referral_link() -> BaseResponse:
    done = service.revoke(g.membership)
    db.session.commit()
    flash(
        _("The link is revoked and no longer works.")
        if done
        else _("Nothing was changed: someone already did this.")
    )
    return redirect(url_for("partners.referral_link"), 303)
