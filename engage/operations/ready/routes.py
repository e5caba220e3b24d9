"""Serves a monitor that has the token. To everyone else there is nothing, or a refusal that says nothing."""

import hmac

import msgspec
from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from engage import clock
from engage.extensions import answer_as_to_anybody, db
from engage.operations.ready import service
from engage.web.access import public

bp = Blueprint("ready", __name__)


@bp.get("/healthz/ready")
@public
def ready() -> Response:
    """Says as JSON whether Engage can write, mail goes out, and backup and day's work are recent; 503 if not."""
    answer_as_to_anybody()
    token: str = current_app.config["READY_TOKEN"]
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        refusal = Response("the token is missing or wrong", 401, mimetype="text/plain")
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    try:
        found = service.readiness(clock.now())
    except SQLAlchemyError:
        db.session.rollback()
        return Response('{"ready":false}', 503, mimetype="application/json")
    return Response(msgspec.json.encode(found), 200 if found.ready else 503, mimetype="application/json")
