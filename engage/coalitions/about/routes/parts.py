"""Serves the forms that change About us, part by part, and the choice of which parts are public."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.coalitions import bp
from engage.coalitions.about import queries, service
from engage.coalitions.about.forms import JoiningForm, PublicAboutForm, SetUpForm, StatementForm, WordsForm
from engage.coalitions.about.labels import offered_statement
from engage.coalitions.about.rules import OF_ABOUT, OF_COALITION
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.setup.routes import shape_data, shape_of
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.access import evening_step
from engage.web.differences import Difference, differences
from engage.web.forms import VersionedForm


class _Page(Struct, frozen=True):
    """A page that changes a part of About us: its form, the function that saves it, and its heading."""

    title: str
    lead: str
    form: type[Any]
    save: Callable[[Any], object]


def _save_texts(form: Any) -> None:
    texts = {name: value or "" for name, value in form.data.items() if name not in {"version", "csrf_token"}}
    service.save(g.membership, form.opened_version, texts)


def _save_set_up(form: SetUpForm) -> None:
    service.save_shape(g.membership, form.opened_version, shape_of(form), form.structure_note.data or "")


def _save_public(form: PublicAboutForm) -> None:
    service.publish_parts(g.membership, form.opened_version, form.parts.data or [])


_PAGES = {
    "words": _Page(
        _l("Our purpose"),
        _l("Every member and viewer reads it. It helps most when members wrote it together."),
        WordsForm,
        _save_texts,
    ),
    "set-up": _Page(
        _l("How we are set up"),
        _l(
            "Answer what you know; you can do the rest later. Everything checked off in Tips for "
            "Success stays as it is."
        ),
        SetUpForm,
        _save_set_up,
    ),
    "joining": _Page(
        _l("Joining"),
        _l("What someone should know before they say yes."),
        JoiningForm,
        _save_texts,
    ),
    "statement": _Page(
        _l("Confidentiality statement"),
        _l("Members accept it once. When you change it, everyone is asked again."),
        StatementForm,
        _save_texts,
    ),
    "public": _Page(
        _l("Visible to the public"),
        _l("These parts are on the public page, for anyone who has its link. Nothing else is."),
        PublicAboutForm,
        _save_public,
    ),
}


@bp.get("/about/edit/<part>")
@allows(Permission.EDIT_SETTINGS)
def edit_about(part: str) -> str:
    page = _page(part)
    return _edit(part, page, _saved(page))


@bp.post("/about/edit/<part>")
@allows(Permission.EDIT_SETTINGS)
@evening_step
def save_about_us(part: str) -> Response | tuple[str, int]:
    page = _page(part)
    form, differing, status = page.form(), None, 422
    if form.validate_on_submit():
        try:
            page.save(form)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for(".about_us"), 303)
        except StaleVersion:
            saved, status = _saved(page), 409
            differing = differences(form, saved, int(saved.version.data))
    return _edit(part, page, form, differing), status


def _page(part: str) -> _Page:
    return _PAGES.get(part) or abort(404)


def _saved(page: _Page) -> VersionedForm:
    """Returns the form with the saved values; if there is no statement yet, with a text to start from."""
    about = queries.about_of(g.membership)
    values: dict[str, object] = {name: getattr(g.coalition, name) for name in OF_COALITION}
    values |= {name: getattr(about, name) for name in OF_ABOUT} | shape_data(g.membership)
    values |= {"parts": about.public_parts, "version": str(about.version)}
    if not about.statement:
        values["statement"] = offered_statement()
    form: VersionedForm = page.form(formdata=None, data=values)
    return form


def _edit(
    part: str,
    page: _Page,
    form: VersionedForm,
    differing: list[Difference] | None = None,
) -> str:
    named = sum(row.is_named for row in queries.positions(g.membership)) if part == "public" else 0
    return render_template(
        "coalitions/about/edit_part.html",
        part=part,
        page_of=page,
        form=form,
        differences=differing,
        named=named,
        fields=[field for field in form if field.name not in {"version", "csrf_token"}],
    )
