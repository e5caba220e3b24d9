"""Serves what a phone needs to answer without a network. No address here names a coalition, a round or a person.

The page of a phone and what it sends lie at one address, `/answer/kept`: a header names the phone's key.
"""

from functools import partial
from pathlib import Path

from flask import Response, abort, current_app, g, jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.assessment import bp, queries
from engage.assessment.guests import cookie
from engage.assessment.guests import queries as guest_queries
from engage.assessment.guests.routes import bp as answer_bp
from engage.assessment.languages import as_read
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Response as StoredResponse
from engage.assessment.offline import pages, service
from engage.assessment.offline.forms import said_of
from engage.assessment.offline.queries import KeptResponse, kept
from engage.assessment.offline.rules import Standing, waiting
from engage.coalitions.permissions import Permission, allows
from engage.extensions import answer_as_to_anybody, csrf, db, stand_at
from engage.web.access import button, public
from engage.web.slips import plain

HEADER = "Engage-Kept"


@bp.post("/rounds/<id:round_id>/keep")
@allows(Permission.ANSWER)
@button
def keep(round_id: int) -> Response:
    """Gives this phone a key for the questions that the person has begun to answer."""
    return _key_for(queries.own_open_response(g.membership, round_or_404(round_id)))


@answer_bp.post("/<token>/keep", endpoint="keep")
@public
@button
def keep_for_guest(token: str) -> Response:
    channel = guest_queries.entrance(plain(token) or "") or abort(404)
    return _key_for(guest_queries.own_open_response(channel.round, cookie.browser()))


@answer_bp.get("/kept")
@public
def kept_page() -> str:
    """Shows the questions of the response that the header names; without one, says what this address is for."""
    found = _found()
    return pages.kept_page(found, as_read(found.round.questions)) if found else pages.nothing_page()


@answer_bp.post("/kept")
@public
@button
@csrf.exempt
def take() -> Response:
    """Takes the answers that waited. The name of the key, of 256 bits, takes the place of a form's token."""
    handle = request.headers.get(HEADER) or abort(400)
    answer: dict[str, object] = {"now": _now()}
    found = kept(handle, to_take=True)
    if isinstance(found, Standing):
        return jsonify(answer | {"standing": found})
    read = partial(said_of, as_read(found.round.questions))
    refused = service.take(found, waiting(request.form.getlist("waiting")), read)
    address = pages.address_of(found)
    db.session.commit()
    return jsonify(
        answer | {"standing": Standing.OPEN, "taken": found.key.taken, "refused": refused, "address": address}
    )


@answer_bp.get("/worker.js")
@public
def worker() -> BaseResponse:
    """Serves the worker at an address above its scope; it answers for no page but the kept one."""
    answer_as_to_anybody()
    script = Path(current_app.config["FILES"]) / "static" / "worker.js"
    answer = Response(script.read_bytes(), mimetype="text/javascript")
    answer.headers["Content-Security-Policy"] = pages.WORKER_POLICY
    return answer


def _found() -> KeptResponse | None:
    found = kept(request.headers.get(HEADER, ""))
    if isinstance(found, Standing):
        return None
    stand_at(found.coalition)
    return found


def _key_for(response: StoredResponse | None) -> Response:
    if response is None:
        return jsonify({})
    handle, key = service.make_key(response)
    db.session.commit()
    return jsonify({"handle": handle, "key": key, "now": _now()})


def _now() -> int:
    """Returns the time in milliseconds, by which a phone whose clock is wrong still counts seven days."""
    return int(clock.now().timestamp() * 1000)
