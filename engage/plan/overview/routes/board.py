"""Moves an action's card on the board, with its select and button, or by dragging, which presses them."""

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import bp, labels, queries
from engage.plan.actions import service as actions_service
from engage.plan.models import Action, Plan
from engage.plan.overview import places
from engage.plan.overview.pages import page as overview_page
from engage.plan.overview.pages import views
from engage.plan.overview.queries import ActionFilters, OverviewView
from engage.plan.repeats import labels as repeats_labels
from engage.plan.rules import ActionStatus
from engage.plan.undo.lookups import action_or_404
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps
from engage.snapshots import Snapshot
from engage.web.access import button
from engage.web.htmx import status_message, wants_fragment


@bp.post("/board/move")
@allows(Permission.WORK)
@button
def move_card() -> Response | tuple[str, int]:
    """Moves one card.

    One form contains all cards: `card` is the number of the pressed card and its version on the page, and
    `to-<number>` is the new status.
    """
    plan_id = places.asked_id(request.args.get("plan")) or abort(400)
    plan = queries.plan_of(g.membership, plan_id) or abort(404)
    filters = views.asked(request.args.to_dict()).with_(view=OverviewView.BOARD)
    action, version, to = _asked()
    try:
        before = steps.before([action])
        made = actions_service.change(g.membership, action, version, to)
        step = steps.record(g.membership, What.MOVED, before)
        db.session.commit()
    except FieldRefused:
        return _ask_why(action, to, filters)
    except StaleVersion:
        return _moved_meanwhile(action, plan, filters)
    return _answer(action, plan, filters, repeats_labels.and_next(_moved_words(action), made), step)


def _asked() -> tuple[Action, int, ActionStatus]:
    """Returns the pressed card; answers "not found" to values that the board does not offer."""
    number, _colon, version = request.form.get("card", "").partition(":")
    action = action_or_404(places.asked_id(number) or 0)
    to = request.form.get(f"to-{action.number}", "")
    if to not in set(ActionStatus):
        abort(400)
    return action, places.asked_id(version) or 0, ActionStatus(to)


def _moved_words(action: Action) -> str:
    stands = labels.STATUS_LABELS[action.status]
    return _("Action %(number)s: %(status)s.", number=action.number, status=stands)


def _ask_why(action: Action, to: ActionStatus, filters: ActionFilters) -> Response:
    """Shows a page that asks what help is needed, or for a reason; only some changes of status need one."""
    flash(_("One more question before the action moves."))
    where = url_for("plan.change", number=action.number, to=to.value, **filters.args())
    return redirect(where, 303)


def _moved_meanwhile(action: Action, plan: Plan, filters: ActionFilters) -> Response | tuple[str, int]:
    db.session.rollback()
    text = _("Someone changed action %(number)s in the meantime. Check its status now, then move it.")
    text = text % {"number": action.number}
    if wants_fragment():
        return status_message(text, 409)
    flash(text)
    return _board_page(plan, filters), 409


def _board_page(plan: Plan, filters: ActionFilters) -> str:
    plans = queries.plans_of(g.membership)
    return overview_page.plan_page(plans, plan, {key: str(value) for key, value in filters.args().items()})


def _answer(action: Action, plan: Plan, filters: ActionFilters, said: str, step: Snapshot | None) -> Response:
    undo = url_for("plan.undo", copy_id=step.id, **filters.in_plan(plan.id)) if step is not None else ""
    if not wants_fragment():
        notice.offer(said, undo) if undo else flash(said)
        where = url_for("plan.index", **filters.in_plan(plan.id), _anchor=f"plan-card-{action.number}")
        return redirect(where, 303)
    shown, fragment = overview_page.board_fragment(plan, filters, action.number)
    return overview_page.answer(
        fragment, *overview_page.head(plan, shown.standing), ("_status.html", {"text": said, "undo": undo})
    )
