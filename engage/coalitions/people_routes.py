"""People."""

from flask import Blueprint

from engage.access import allows
from engage.coalitions.permissions import Permission
from engage.coalitions.routes import bp as coalitions

bp = Blueprint("join", __name__)


@coalitions.get("/people/")
@allows(Permission.SEE_ALL)
def people() -> str:
    return ""


@coalitions.get("/people/me")
@allows(Permission.SEE)
def my_place() -> str:
    return ""
