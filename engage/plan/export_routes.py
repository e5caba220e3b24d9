"""A plan to take out, as files."""

from flask import Response, abort, g

from engage.coalitions.permissions import Permission
from engage.frame.access import allows
from engage.plan import json_file, parts, plan_file
from engage.plan.models import Plan
from engage.plan.routes import bp
from engage.plan.whole import whole_of
from engage.web.csv_files import csv_answer, download, file_name
from engage.web.xlsx_files import XLSX

__all__ = ["bp"]


def _plan_or_404(plan_id: int) -> Plan:
    return parts.plan_of(g.membership, plan_id) or abort(404)


@bp.get("/<id:plan_id>/plan.csv")
@allows(Permission.EXPORT)
def plan_csv(plan_id: int) -> Response:
    plan = _plan_or_404(plan_id)
    return csv_answer(plan.title, plan_file.HEAD, plan_file.rows_of(whole_of(plan)))


@bp.get("/<id:plan_id>/plan.xlsx")
@allows(Permission.EXPORT)
def plan_xlsx(plan_id: int) -> Response:
    plan = _plan_or_404(plan_id)
    return download(plan_file.workbook(plan, whole_of(plan)), XLSX, file_name(plan.title, "xlsx"))


@bp.get("/<id:plan_id>/plan.json")
@allows(Permission.EXPORT)
def plan_json(plan_id: int) -> Response:
    plan = _plan_or_404(plan_id)
    return download(
        json_file.text_of(plan, whole_of(plan)), "application/json", file_name(plan.title, "json")
    )
