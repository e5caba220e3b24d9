"""Serves single rows of the list: quick add, and changing who, by when and status."""

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.coalitions.trash import notice
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import action_history, bp, queries, service
from engage.plan.actions import service as actions_service
from engage.plan.actions.forms.action import ActionLineForm, RowForm, number_ids
from engage.plan.models import Action, Plan
from engage.plan.overview import places
from engage.plan.overview.pages import outline
from engage.plan.overview.pages import page as overview_page
from engage.plan.overview.places import LineTarget
from engage.plan.overview.queries import ActionFilters, OverviewView
from engage.plan.repeats import labels as repeats_labels
from engage.plan.rules import ActionStatus
from engage.plan.undo.lookups import action_and_plan_or_404
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps
from engage.snapshots import Snapshot
from engage.web.differences import Difference, differences
from engage.web.forms import NOBODY
from engage.web.htmx import wants_fragment

# -- quick add


@bp.get("/actions/line")
@allows(Permission.WORK)
def line() -> str | Response:
    place = places.place_asked()
    form = places.line_form(place, fresh=True)
    if wants_fragment():
        return overview_page.answer(
            ("plan/overview/_add_line.html", {"form": form, "target": _target(place)})
        )
    return _line_page(form, place)


@bp.post("/actions/line")
@allows(Permission.WORK)
def add_line() -> AnyResponse | tuple[str, int]:
    place = places.place_asked()
    form = places.line_form(place)
    if form.validate_on_submit():
        goal, objective = places.put(form, place)
        action = actions_service.create_action(
            g.membership,
            title=form.title.data or "",
            plan=place.plan,
            goal=goal,
            objective=objective,
            owner_id=form.owner_id.row_id,
            due_on=form.due_on.data,
        )
        db.session.commit()
        return _added(place, action)
    if wants_fragment():
        return overview_page.answer(_refused(place, form), status=422)
    return _line_page(form, place), 422


def _target(place: LineTarget) -> str:
    """Returns what htmx replaces: at the plan the form itself, under a goal the goal's panel."""
    return f"plan-goal-{place.goal.id}" if place.goal is not None else place.key


def _line_page(form: ActionLineForm, place: LineTarget) -> str:
    where = place.objective or place.goal or place.plan
    title = where.title if where is not None else ""
    return render_template("plan/overview/line.html", form=form, where=title, target=_target(place))


def _added(place: LineTarget, action: Action) -> AnyResponse:
    words = _("Added as action %(number)s.", number=action.number)
    if not wants_fragment():
        flash(words)
        return redirect(_row_address(action), 303)
    plan = queries.plan_of(g.membership, action.plan_id) or abort(404)
    shown, part = overview_page.pieces(plan, action.goal_id)
    # The form for the next line stays open.
    fresh = places.line_form(place if place.values else LineTarget(plan), fresh=True)
    panel = overview_page.panel(shown, part, adding=fresh)
    found = [panel, *overview_page.head(plan, shown.standing), ("_status.html", {"text": words})]
    if place.goal is None:
        found.insert(0, ("plan/overview/_add_line.html", {"form": fresh, "target": _target(place)}))
    return overview_page.answer(*found)


def _refused(place: LineTarget, form: ActionLineForm) -> tuple[str, dict[str, object]]:
    if place.goal is None:
        return "plan/overview/_add_line.html", {"form": form, "target": _target(place)}
    plan = queries.plan_of(g.membership, place.goal.plan_id) or abort(404)
    return overview_page.panel(*overview_page.pieces(plan, place.goal.id), adding=form)


def _row_address(action: Action) -> str:
    """Returns the row's address on the plan's page, with the filters of the page."""
    filters = ActionFilters.of(request.args)
    anchor = "plan-card" if filters.view is OverviewView.BOARD else "plan-row"
    return url_for("plan.index", **filters.in_plan(action.plan_id), _anchor=f"{anchor}-{action.number}")


# -- changing a row


def _loaded(number: int) -> tuple[Action, Plan]:
    action, plan = action_and_plan_or_404(number)
    return action, service.still_open(plan)


def _change_form(action: Action, plan: Plan, *, typed: bool = False) -> RowForm:
    # Only posted values count; a missing field must not be filled from the row.
    now = {"place": places.value_of(action)}
    form = RowForm() if typed else RowForm(formdata=None, obj=action, data=now)
    if typed and "place" not in request.form:
        form.place.data = now["place"]
    if typed and form.owner_id.data == (action.owner_id or NOBODY) and form.place.data == now["place"]:
        # Most changes leave owner and goal, so choices are loaded only if the form is shown again.
        form.owner_id.offer([] if action.owner_id is None else [(action.owner_id, "")])
        form.offer_places([(now["place"], "")])
    else:
        _offer(form, action, plan)
    number_ids(form, f"plan-change-{action.number}")
    return form


def _offer(form: RowForm, action: Action, plan: Plan) -> RowForm:
    form.owner_id.offer(people_choices(g.membership, action.owner_id))
    form.offer_places(places.choices(plan))
    return form


@bp.get("/actions/<id:number>/change")
@allows(Permission.WORK)
def change(number: int) -> str | Response:
    action, plan = _loaded(number)
    form = _change_form(action, plan)
    if (to := request.args.get("to", "")) in set(ActionStatus):
        form.status.data = to
    if wants_fragment():
        return overview_page.answer(("plan/overview/_row_form.html", _change_parts(form, action, None)))
    return _change_page(form, action)


def _change_parts(form: RowForm, action: Action, found: list[Difference] | None) -> dict[str, object]:
    """Returns the template's values for the form; its addresses keep the filters of the page behind it."""
    shown = ActionFilters.of(request.args).args()
    return {
        "form": form,
        "action": action,
        "differences": found,
        "last_saved": action_history.last_saved(g.membership, action) if found is not None else None,
        "save_url": url_for("plan.save_change", number=action.number, **shown),
        "cancel_url": url_for("plan.row", number=action.number, **shown),
    }


@bp.post("/actions/<id:number>/change")
@allows(Permission.WORK)
def save_change(number: int) -> AnyResponse | tuple[str, int]:
    action, plan = _loaded(number)
    form, found, status = _change_form(action, plan, typed=True), None, 422
    if form.validate_on_submit():
        try:
            stood = places.value_of(action)
            words, step = _save(action, form)
            return _changed(action, plan, words, step, moved=stood != form.place.data)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            now = _change_form(action, plan)
            found, status = differences(_offer(form, action, plan), now, action.version), 409
            # The note is a new row, so it overwrites no one's text.
            found = [each for each in found if each.field is not form.note]
    _offer(form, action, plan)
    if wants_fragment():
        return overview_page.answer(
            ("plan/overview/_row_form.html", _change_parts(form, action, found)), status=status
        )
    return _change_page(form, action, found), status


def _save(action: Action, form: RowForm) -> tuple[str, Snapshot | None]:
    """Saves the row and the typed note on its progress, if any; returns what to say, and the step to undo."""
    values: dict[str, object] = {"owner_id": form.owner_id.row_id, "due_on": form.due_on.data}
    if form.place.data != places.value_of(action):
        goal, objective = places.chosen(form.place.data)
        values |= {"goal_id": goal.id if goal else None, "objective_id": objective.id if objective else None}
    before = steps.before([action])
    made = actions_service.change(
        g.membership, action, form.opened_version, form.to, form.reason.data or "", values
    )
    if form.note.data:
        actions_service.add_update(g.membership, action, form.note.data)
    step = steps.record(g.membership, What.CHANGED, before)
    db.session.commit()
    return repeats_labels.and_next(_("Action %(number)s is saved.", number=action.number), made), step


def _change_page(form: RowForm, action: Action, found: list[Difference] | None = None) -> str:
    return render_template("plan/overview/change.html", **_change_parts(form, action, found))


def _changed(action: Action, plan: Plan, words: str, step: Snapshot | None, *, moved: bool) -> AnyResponse:
    # Under another goal the row belongs to another panel, so the whole page is rendered again.
    if moved or not wants_fragment():
        notice.say(words, step)
        return redirect(_row_address(action), 303)
    whole, shown_row, progress = outline.around(g.membership, plan, action, places.today())
    return overview_page.answer(
        overview_page.row_piece(shown_row, may_work=True),
        *[_piece("plan/overview/_progress.html", it=each) for each in progress],
        *overview_page.head(plan, whole),
        notice.fragment(words, step),
    )


def _piece(name: str, **context: object) -> tuple[str, dict[str, object]]:
    return name, context


@bp.get("/actions/<id:number>/row")
@allows(Permission.SEE)
def row(number: int) -> AnyResponse:
    """Renders one row of the list; *Cancel* restores the row this way."""
    action = queries.action_of(g.membership, number) or abort(404)
    if not wants_fragment():
        return redirect(_row_address(action), 303)
    plan = queries.plan_of(g.membership, action.plan_id) or abort(404)
    whole, shown_row, _progress = outline.around(g.membership, plan, action, places.today())
    return overview_page.answer(overview_page.row_piece(shown_row, may_work=whole.may_work))
