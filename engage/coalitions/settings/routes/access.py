"""Serves the access settings: whether coordinators need two-step sign-in."""

from flask import flash, g, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage.coalitions import bp, queries, service
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.settings.forms import SecondFactorForm
from engage.errors import Link, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import recently


@bp.get("/settings/access")
@allows(Permission.EDIT_SETTINGS)
def access() -> str:
    rule = "yes" if g.coalition.coordinators_need_second_factor else "no"
    return _page(SecondFactorForm(formdata=None, rule=rule))


@bp.post("/settings/access")
@allows(Permission.EDIT_SETTINGS)
@recently
def save_access() -> Response | tuple[str, int]:
    form = SecondFactorForm()
    if form.validate_on_submit():
        wanted = form.rule.data == "yes"
        if wanted and current_user.second_factor_at is None:
            # The setting would lock the coordinator out who turns it on.
            raise WrongState(
                _("Set up your own two-step sign-in first, then ask the others."),
                link=Link(_("Set up two-step sign-in"), url_for("accounts.second_factor")),
            )
        service.set_second_factor_rule(g.membership, wanted)
        db.session.commit()
        flash(_("Saved. It applies from the next page a coordinator opens."))
        return redirect(url_for(".access"), 303)
    return _page(form), 422


def _page(form: SecondFactorForm) -> str:
    coordinators = queries.coordinators_with_accounts(g.membership)
    return render_template(
        "coalitions/settings/access.html",
        form=form,
        have=[each for each in coordinators if each.user and each.user.second_factor_at],
        lack=[each for each in coordinators if each.user and not each.user.second_factor_at],
    )
