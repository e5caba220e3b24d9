"""Shows coordinators how long data is kept; they choose the period for contacts of former members."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp, service
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.settings.forms import ContactMonthsForm
from engage.extensions import db
from engage.i18n import gettext as _
from engage.operations.daily import labels as daily_labels


@bp.get("/settings/data")
@allows(Permission.EDIT_SETTINGS)
def data() -> str:
    return _page(ContactMonthsForm(formdata=None, months=str(g.coalition.contact_months or "")))


@bp.post("/settings/data")
@allows(Permission.EDIT_SETTINGS)
def save_data() -> Response | tuple[str, int]:
    form = ContactMonthsForm()
    if form.validate_on_submit():
        service.keep_contacts(g.membership, form.chosen)
        db.session.commit()
        flash(_("Saved. It applies from the next daily maintenance on."))
        return redirect(url_for(".data"), 303)
    return _page(form), 422


def _page(form: ContactMonthsForm) -> str:
    return render_template(
        "operations/daily/data.html", form=form, lines=daily_labels.lines(g.coalition).values()
    )
