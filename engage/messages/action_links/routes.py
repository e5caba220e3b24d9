"""Serves the pages behind a mail's links about an action: one button each, then *Undo*. No account is loaded."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.errors import StaleVersion, WrongState
from engage.extensions import answer_as_to_anybody, csrf, db, stand_at
from engage.i18n import gettext as _
from engage.messages.action_links import service
from engage.messages.action_links.labels import SAID_LABELS
from engage.messages.action_links.rules import SAYABLE
from engage.messages.action_links.service import OpenedLink
from engage.plan.labels import title_as_read
from engage.plan.rules import QuickAnswer
from engage.plan.undo.service.steps import NotAsItWas
from engage.web.access import button, public
from engage.web.answers import problem

bp = Blueprint("say", __name__, url_prefix="/say")


@bp.get("/<token>")
@public
def said(token: str) -> str:
    """Shows what was said by this link, with *Undo*."""
    return _page(_found(token), token)


@bp.get("/<token>/<answer>")
@public
def ask(token: str, answer: str) -> str:
    """Shows one button. Opening the link says nothing, because virus scanners open it, too."""
    return _page(_found(token), token, _answer(answer))


@bp.post("/<token>/<answer>")
@public
@button
@csrf.exempt
def say(token: str, answer: str) -> Response:
    """Says it. The link itself, of 256 bits, takes the place of a form's token, so no cookie is needed."""
    found = _found(token)
    try:
        service.say(found, _answer(answer))
        db.session.commit()
    except (StaleVersion, WrongState):  # someone changed the action, or closed the plan, at this moment
        abort(_over())
    return redirect(url_for(".said", token=token), 303)


@bp.post("/<token>/undo")
@public
@button
@csrf.exempt
def take_back(token: str) -> Response:
    found = _found(token)
    try:
        service.take_back(found)
        db.session.commit()
    except (NotAsItWas, WrongState):
        abort(_over())
    return redirect(url_for(".said", token=token), 303)


def _answer(answer: str) -> QuickAnswer:
    return next((each for each in SAYABLE if each.value == answer), None) or abort(404)


def _found(token: str) -> OpenedLink:
    answer_as_to_anybody()
    found = service.opened(token, clock.now())
    if found is None:
        abort(_over())
    stand_at(found.person.coalition)
    return found


def _over() -> Response:
    db.session.rollback()
    return problem(
        404,
        _("This link no longer works"),
        _(
            "It works once, for ten days, and only until someone changes the action. Nothing was changed just now. "
            "You can always sign in to see your tasks, or answer from the next e-mail."
        ),
    )


def _page(found: OpenedLink, token: str, answer: QuickAnswer | None = None) -> str:
    action, link = found.action, found.link
    inside = url_for("plan.action", slug=found.person.coalition.slug, number=action.number)
    return render_template(
        "messages/action_links/say.html",
        title=title_as_read(action.title),
        token=token,
        answer=answer,
        labels=SAID_LABELS,
        others=[each for each in SAYABLE if each is not answer],
        is_used=link.used_at is not None,
        said=link.said,
        inside=inside if found.person.user_id is not None else "",
    )
