"""Imports a plan from a file: choose it, say what its columns are, check each row, confirm."""

from flask import Response as FileResponse
from flask import abort, g, request, url_for

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.undo_imports.saving import undoable
from engage.content.loader import example_plan
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports.forms import ColumnsForm, SaveForm, decided_in
from engage.imports.import_wizard import Import
from engage.plan import bp, queries, service, undo_imports
from engage.plan.exports import table as exports_table
from engage.plan.imports import service as imports_service
from engage.plan.imports.comparison import PlanComparison, here_of
from engage.plan.imports.target import PlanTarget, target
from engage.plan.models import Plan
from engage.plan.overview import places
from engage.web.csv_files import csv_answer, download, file_name


@bp.get("/empty.csv")
@allows(Permission.IMPORT)
def empty_file() -> FileResponse:
    """Sends an empty file with the names of the columns, to fill in."""
    return csv_answer(_("Plan to fill in"), exports_table.HEAD, ())


@bp.get("/example.csv")
@allows(Permission.IMPORT)
def example_file() -> FileResponse:
    """Sends a city's published plan, with which people can try the import."""
    return download(example_plan(), "text/csv; charset=utf-8", file_name(_("Example of a plan")))


def _plan() -> Plan | None:
    """Returns the plan as `_plan_now` read it last in this request."""
    return g.plan_of_import if "plan_of_import" in g else _plan_now()


def _plan_now() -> Plan | None:
    """Reads the plan that the address names, else the working plan; None if there is none yet."""
    g.plan_of_import = _read_plan()
    return g.plan_of_import


def _read_plan() -> Plan | None:
    if (asked := places.asked_id(request.args.get("plan"))) is not None:
        return service.still_open(queries.plan_of(g.membership, asked) or abort(404))
    return queries.open_plan(g.membership.coalition_id)


def _target() -> PlanTarget:
    return target(g.membership.coalition_id)


def _compared(columns: ColumnsForm) -> PlanComparison:
    wanted = columns.read.target
    assert isinstance(wanted, PlanTarget)
    return PlanComparison(
        here_of(g.membership.coalition_id, _plan_now()),
        columns.lines,
        wanted,
        columns.of_those_here,
        decided_in(request.form),
        places.today(),
    )


def _write(comparison: PlanComparison, form: SaveForm) -> tuple[str, str]:
    written = imports_service.write(g.membership, _plan_now(), comparison, form.takes)
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
    words = " ".join(said) or _("Nothing was saved: every row was left out.")
    return words, url_for(".index", plan=written.plan.id)


def _query() -> dict[str, object]:
    plan = _plan()
    return {"plan": plan.id if plan is not None else None}


Import(
    folder="plan",
    target=_target,
    compared=_compared,
    write=undoable(undo_imports.KEY, _write),
    overtaken=_l("Others are changing this plan right now. Nothing was saved. Try again in a minute."),
    views=("import_file", "read_file", "check_columns", "save_rows"),
    title=_l("A plan from a file"),
    above=(_l("Plan of action"), ".index"),
    query=_query,
    about=lambda: {"plan": _plan()},
).serve(bp, "/import/", allows(Permission.IMPORT))
