"""Serves the settings in the coalition's own row: its name and place, and the local help line."""

from collections.abc import Callable

from flask import flash, g, redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.coalitions import bp, service
from engage.coalitions.help_lines import queries as help_lines_queries
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.settings.forms import HelpForm, ProfileForm
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.differences import Difference, differences
from engage.web.forms import VersionedForm


class _Page(Struct, frozen=True):
    """A page of settings; a field in `kept` keeps its value if the posted form does not have it.

    `more` reads what the page shows besides its form.
    """

    endpoint: str
    template: str
    form: type[VersionedForm]
    kept: tuple[str, ...] = ()
    more: Callable[[], dict[str, object]] = dict


def _more_lines() -> dict[str, object]:
    lines = help_lines_queries.lines_of([g.coalition.id])
    return {"lines": lines, "offered": help_lines_queries.offered(lines)}


_COALITION = _Page(
    ".settings",
    "coalitions/settings/coalition.html",
    ProfileForm,
    ("active_months", "quiet_days", "fiscal_month", "language"),
)
_HELP = _Page(".help_lines", "coalitions/settings/help_lines.html", HelpForm, more=_more_lines)


@bp.get("/settings/")
@allows(Permission.EDIT_SETTINGS)
def settings() -> str:
    return _show(_COALITION, _saved(_COALITION))


@bp.post("/settings/")
@allows(Permission.EDIT_SETTINGS)
def save_settings() -> Response | tuple[str, int]:
    return _save(_COALITION)


@bp.get("/settings/help-lines")
@allows(Permission.EDIT_SETTINGS)
def help_lines() -> str:
    return _show(_HELP, _saved(_HELP))


@bp.post("/settings/help-lines")
@allows(Permission.EDIT_SETTINGS)
def save_help_lines() -> Response | tuple[str, int]:
    return _save(_HELP)


def _saved(page: _Page) -> VersionedForm:
    form: VersionedForm = page.form(formdata=None, obj=g.coalition)
    return form


def _save(page: _Page) -> Response | tuple[str, int]:
    form = page.form(data={name: getattr(g.coalition, name) for name in page.kept})
    if not form.validate_on_submit():
        return _show(page, form), 422
    values = {name: value for name, value in form.data.items() if name not in {"version", "csrf_token"}}
    try:
        service.save_profile(g.membership, form.opened_version, values)
        db.session.commit()
    except StaleVersion:
        return _show(page, form, differences(form, _saved(page), g.coalition.version)), 409
    flash(_("The settings are saved."))
    return redirect(url_for(page.endpoint), 303)


def _show(page: _Page, form: VersionedForm, differing: list[Difference] | None = None) -> str:
    return render_template(page.template, form=form, differences=differing, **page.more())
