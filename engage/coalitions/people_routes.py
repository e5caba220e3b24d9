"""People."""

from engage.access import allows
from engage.coalitions.permissions import Permission
from engage.coalitions.routes import bp


@bp.get("/people/")
@allows(Permission.SEE_ALL)
def people() -> str:
    return ""


@bp.get("/people/<id:person_id>")
@allows(Permission.SEE_ALL)
def person(person_id: int) -> str:
    return ""


@bp.get("/people/me")
@allows(Permission.SEE)
def my_place() -> str:
    return ""
