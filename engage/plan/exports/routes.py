"""Sends a plan as files to download."""

from flask import Response, abort, g

from engage.coalitions.permissions import Permission, allows
from engage.plan import bp, queries
from engage.plan.exports import json, table
from engage.plan.exports.queries import whole_of
from engage.plan.models import Plan
from engage.web.csv_files import csv_answer, download, file_name
from engage.web.xlsx_files import XLSX


def _plan_or_404(plan_id: int) -> Plan:
    return queries.plan_of(g.membership, plan_id) or abort(404)


@bp.get("/<id:plan_id>/plan.csv")
@allows(Permission.EXPORT)
def plan_csv(plan_id: int) -> Response:
    plan = _plan_or_404(plan_id)
    return csv_answer(plan.title, table.HEAD, table.rows_of(whole_of(plan)))


@bp.get("/<id:plan_id>/plan.xlsx")
@allows(Permission.EXPORT)
def plan_xlsx(plan_id: int) -> Response:
    plan = _plan_or_404(plan_id)
    return download(table.workbook(plan, whole_of(plan)), XLSX, file_name(plan.title, "xlsx"))


@bp.get("/<id:plan_id>/plan.json")
@allows(Permission.EXPORT)
def plan_json(plan_id: int) -> Response:
    plan = _plan_or_404(plan_id)
    return download(json.text_of(plan, whole_of(plan)), "application/json", file_name(plan.title, "json"))
