"""Serves the page that chooses which counts to share with the network, and shows what the network sees."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.settings.forms import NetworkForm
from engage.extensions import db
from engage.i18n import gettext as _
from engage.operations.labels import COUNT_LABELS
from engage.operations.network import queries as network_queries
from engage.operations.network import service as network_service
from engage.operations.network.rules import FEWEST, CountKind


@bp.get("/settings/network")
@allows(Permission.EDIT_SETTINGS)
def network() -> str:
    shared = network_queries.shared_by(g.coalition.id)
    return _page(NetworkForm(COUNT_LABELS, formdata=None, counts=[str(kind) for kind in shared]))


@bp.post("/settings/network")
@allows(Permission.EDIT_SETTINGS)
def save_network() -> Response | tuple[str, int]:
    form = NetworkForm(COUNT_LABELS)
    if form.validate_on_submit():
        network_service.share(g.membership, [CountKind(each) for each in form.counts.data or ()])
        db.session.commit()
        flash(_("Saved. It applies from the next daily maintenance on."))
        return redirect(url_for(".network"), 303)
    return _page(form), 422


def _page(form: NetworkForm) -> str:
    own = {kind: network_queries.number_of(kind, g.coalition.id) for kind in CountKind}
    sums = network_queries.sums()
    return render_template(
        "operations/network/sharing.html", form=form, own=own, sums=sums, words=COUNT_LABELS, fewest=FEWEST
    )
