"""Serves the coalition's settings: its name and place, its help line, when partners and people count as quiet."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions import service
from engage.coalitions.blueprint import bp
from engage.coalitions.permissions import Permission
from engage.coalitions.settings.forms import ProfileForm
from engage.errors import StaleVersion
from engage.extensions import db
from engage.frame.access import allows


@bp.get("/settings/")
@allows(Permission.EDIT_SETTINGS)
def settings() -> str:
    return _settings()


@bp.post("/settings/")
@allows(Permission.EDIT_SETTINGS)
def save_settings() -> Response | tuple[str, int]:
    # A page that was opened before a field existed leaves it as it is.
    saved = {"active_months": g.coalition.active_months, "quiet_days": g.coalition.quiet_days}
    form = ProfileForm(data=saved)
    if form.validate_on_submit():
        values = {name: value for name, value in form.data.items() if name not in {"version", "csrf_token"}}
        try:
            service.save_profile(g.membership, form.opened_version, values)
            db.session.commit()
            flash(_("The settings are saved."))
            return redirect(url_for(".settings"), 303)
        except StaleVersion:
            return _settings(profile=form, conflict=True), 409
    return _settings(profile=form), 422


def _settings(profile: ProfileForm | None = None, *, conflict: bool = False) -> str:
    coalition = g.coalition
    if profile is None:
        profile = ProfileForm(formdata=None, obj=coalition)
    differences = []
    if conflict:
        differences = [
            (field, getattr(coalition, field.name) or "")
            for field in profile
            if field.name not in {"version", "csrf_token"}
            and (field.data or "") != (getattr(coalition, field.name) or "")
        ]
        profile.version.data = str(coalition.version)
    return render_template(
        "coalitions/settings/settings.html",
        profile=profile,
        differences=differences,
        conflict=conflict,
    )
