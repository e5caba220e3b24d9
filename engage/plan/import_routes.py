"""A plan from a file and into it: choose it, say what its columns are, look at each row, confirm."""

from flask import Response as FileResponse
from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engage.access import allows
from engage.coalitions.permissions import Permission
from engage.csv_files import csv_answer
from engage.errors import StaleVersion, WrongState
from engage.extensions import db, read_from_here, write_from_here
from engage.imports.forms import (
    ColumnsForm,
    SaveForm,
    UploadForm,
    decided_in,
    form_for,
    posted_form,
    save_form,
)
from engage.imports.pages import Steps, preview_page
from engage.imports.reading import Unreadable
from engage.imports.words import trouble_words
from engage.plan import import_writing, pages, parts, plan_file, queries, service
from engage.plan.import_target import PlanTarget, target
from engage.plan.import_writing import Written
from engage.plan.importing import Comparison, here_of
from engage.plan.models import Plan
from engage.plan.routes import bp

__all__ = ["bp"]

# How often an import that somebody overtook is compared anew within one request.
MOST_TRIES = 3


@bp.get("/empty.csv")
@allows(Permission.IMPORT)
def empty_file() -> FileResponse:
    """The names of the columns, to fill."""
    return csv_answer(_("Plan to fill in"), plan_file.HEAD, ())


@bp.get("/import/")
@allows(Permission.IMPORT)
def import_file() -> str:
    return _start_page(UploadForm(_target(), formdata=None))


@bp.post("/import/")
@allows(Permission.IMPORT)
def read_file() -> str | tuple[str, int]:
    read_from_here()
    form = UploadForm(_target())
    if form.validate_on_submit() and form.read is not None:
        return _columns_page(form_for(form.read))
    return _start_page(form), 422


@bp.post("/import/columns")
@allows(Permission.IMPORT)
def check_columns() -> str | tuple[str, int]:
    """Shows the columns as they are said to be, or, when they are right, what each row would do."""
    read_from_here()
    wanted = _target()
    try:
        form = posted_form(wanted)
    except Unreadable as error:
        return _start_page(_lost(wanted, error)), 422
    if form.errors or request.form.get("do") in {"read", "columns"}:
        return _columns_page(form), 422 if form.errors else 200
    if form.validate_on_submit():
        return _preview_page(form, save_form(_compared(form).preview))
    return _columns_page(form), 422


@bp.post("/import/save")
@allows(Permission.IMPORT)
def save_rows() -> Response | str | tuple[str, int]:
    """Writes what was shown, all of it or nothing; shows it again where something else would happen by now."""
    for _try in range(MOST_TRIES):
        read_from_here()
        wanted = _target()  # anew: somebody may have come or gone
        try:
            columns = posted_form(wanted, csrf=False)
        except Unreadable as error:
            return _start_page(_lost(wanted, error)), 422
        if columns.errors or not columns.validate():
            return _columns_page(columns), 422
        comparison = _compared(columns)
        form = save_form(comparison.preview, formdata=True)
        if form.unlike or not form.validate_on_submit():
            return _preview_page(columns, form), form.status
        write_from_here()
        try:
            written = import_writing.write(g.membership, _plan(), comparison, form.takes)
            db.session.commit()
        except StaleVersion:
            continue  # somebody was faster: look whether the same would still happen
        flash(_written(written))
        return redirect(url_for(".index", plan=written.plan.id), 303)
    raise WrongState(
        _("Others are changing this plan right now. Nothing was written. Try again in a minute.")
    )


def _plan() -> Plan | None:
    """The plan that the address names, else the one that is worked in; None where there is none yet."""
    if (asked := pages.asked_id(request.args.get("plan"))) is not None:
        return service.still_open(parts.plan_of(g.membership, asked) or abort(404))
    return queries.open_plan(g.membership.coalition_id)


def _target() -> PlanTarget:
    return target(g.membership.coalition_id)


def _compared(columns: ColumnsForm) -> Comparison:
    wanted = columns.read.target
    assert isinstance(wanted, PlanTarget)
    return Comparison(
        here_of(g.membership.coalition_id, _plan()),
        columns.lines,
        wanted,
        columns.of_those_here,
        decided_in(request.form),
        pages.today(),
    )


def _written(written: Written) -> str:
    said = []
    if written.added:
        said.append(ngettext("%(num)s action is added.", "%(num)s actions are added.", written.added))
    if written.changed:
        said.append(ngettext("%(num)s action is changed.", "%(num)s actions are changed.", written.changed))
    if written.places:
        said.append(
            ngettext(
                "%(num)s goal or objective is added or changed.",
                "%(num)s goals and objectives are added or changed.",
                written.places,
            )
        )
    return " ".join(said) or _("Nothing was written: every row was left out.")


def _lost(wanted: PlanTarget, error: Unreadable) -> UploadForm:
    form = UploadForm(wanted, formdata=None)
    form.refuse("file", trouble_words(error))
    return form


# -- pages


def _steps(plan: Plan | None) -> Steps:
    asked = plan.id if plan is not None else None
    return Steps(
        read=url_for(".read_file", plan=asked),
        columns=url_for(".check_columns", plan=asked),
        save=url_for(".save_rows", plan=asked),
        cancel=url_for(".index", plan=asked),
    )


def _start_page(form: UploadForm) -> str:
    plan = _plan()
    return render_template(
        "plan/import.html", form=form, steps=_steps(plan), plan=plan, fields=form.target.fields
    )


def _columns_page(form: ColumnsForm) -> str:
    plan = _plan()
    return render_template("plan/import_columns.html", form=form, steps=_steps(plan), plan=plan)


def _preview_page(columns: ColumnsForm, form: SaveForm) -> str:
    plan = _plan()
    read_from_here()
    return render_template("plan/import_preview.html", plan=plan, **preview_page(columns, form, _steps(plan)))
