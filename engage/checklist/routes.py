"""Serves the Tips for Success: the list, the checkbox, an item's page, and making an action from an item."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from engage import clock, dates
from engage.checklist import labels, queries, service
from engage.checklist.forms import ItemForm, TickForm
from engage.checklist.models import Item
from engage.checklist.pages import ALL, Checklist, ChecklistFilters, LineWriter, sheet
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.queries import names_of, people_choices
from engage.content.loader import content
from engage.content.model import TipItem
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions import service as actions_service
from engage.plan.actions.pages import link_to
from engage.plan.actions.queries import origins
from engage.web.access import button, evening_step
from engage.web.answers import problem
from engage.web.blueprints import coalition_blueprint
from engage.web.differences import differences
from engage.web.htmx import fragments, wants_fragment
from engage.web.lists import NamedLink

bp = coalition_blueprint("checklist", __name__, "checklist")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    filters = ChecklistFilters.of(request.args)
    return render_template(
        "checklist/page.html",
        sheet=_sheet(filters, _actions() if may(g.membership.role, Permission.SEE_ALL) else {}),
        filters=filters,
        row=_row_words(filters),
        stage=g.coalition.stage,
    )


@bp.post("/items/<key>/tick")
@allows(Permission.WORK)
@evening_step
def tick(key: str) -> Response:
    known = _known(key)
    form = TickForm()
    if form.validate_on_submit():
        row = service.tick(g.membership, key, form.wants_done)
        db.session.commit()
        if wants_fragment():
            return _ticked(known, row)
        return _back_to(known)
    return problem(422, _("The change was not saved"), _("Nothing was changed. Press the button to save it."))


@bp.get("/items/<key>")
@allows(Permission.SEE_ALL)
def item(key: str) -> str:
    known = _known(key)
    row = queries.item_of(g.membership, key)
    return _item_page(known, row, _item_form(row))


@bp.post("/items/<key>")
@allows(Permission.WORK)
@evening_step
def save_item(key: str) -> Response | tuple[str, int]:
    known = _known(key)
    row = queries.item_of(g.membership, key)
    form = _item_form(row, posted=True)
    if form.validate_on_submit():
        details = service.Details(
            form.new_state, form.owner.row_id, form.due_on.data, form.proof.data or "", form.note.data or ""
        )
        try:
            service.save_details(g.membership, key, form.opened_version, details)
            db.session.commit()
            flash(_("Saved: %(item)s", item=known.text))
            return _back_to(known)
        except StaleVersion:
            return _item_page(known, queries.item_of(g.membership, key), form, is_stale=True), 409
    return _item_page(known, row, form), 422


@bp.post("/items/<key>/action")
@allows(Permission.WORK)
@button
def make_action(key: str) -> Response:
    known = _known(key)
    row = service.item_for(g.membership, key)
    # The row is locked: if two people make an action at once, the second is sent to the first one's action.
    if there := origins.actions_of_item(g.membership, row):
        return redirect(_action_url(there[0].number), 303)
    made = actions_service.create_action(
        g.membership, title=known.text[:300], item=row, owner_id=row.owner_id, due_on=row.due_on
    )
    db.session.commit()
    flash(_("It is now an action in the plan. Choose an owner and a due date."))
    return redirect(url_for("plan.edit_action", number=made.number), 303)


def _known(key: str) -> TipItem:
    try:
        return content().tip_item(key)
    except KeyError:
        abort(404)


def _back_to(known: TipItem) -> Response:
    """Returns to the item in the filtered list: its tip is unfolded, and it is shown even if done items are hidden."""
    args = _at(known)
    if ChecklistFilters.of(request.args).hide_done:
        args["keep"] = known.key
    return redirect(url_for(".index", **args, _anchor=f"checklist-item-{known.key}"), 303)


def _at(known: TipItem) -> dict[str, Any]:
    """Returns the filters in the address, with the item's tip unfolded."""
    filters = ChecklistFilters.of(request.args)
    return filters.args() if filters.opened == ALL else filters.with_(opened=known.tip).args()


def _sheet(
    filters: ChecklistFilters, actions: dict[int, tuple[NamedLink, ...]], only: str | None = None
) -> Checklist:
    fits = queries.shown_to(g.coalition)
    writer = LineWriter(clock.today(g.coalition.time_zone), fits)
    return sheet(content().tips, queries.standings(g.membership), fits, filters, writer, actions, only)


def _row_words(filters: ChecklistFilters) -> dict[str, str]:
    """Returns the texts that every row of the page shares, looked up once."""
    args = filters.args()
    return {
        "url": url_for(".item", key=""),
        "query": "?" + "&".join(f"{name}={value}" for name, value in args.items()) if args else "",
        "csrf": generate_csrf(),
        "proof": _("Proof:"),
    }


def _ticked(known: TipItem, row: Item) -> Response:
    """Returns the item's new row, with the counts of its tip and of all tips, and a text that says what happened."""
    filters = ChecklistFilters.of({**request.args, "keep": known.key})
    links = tuple(map(link_to, origins.actions_of_item(g.membership, row)))
    counted = _sheet(filters, {row.id: links}, only=known.key)
    panel = counted.panel(known.tip)
    line = next(line for line in panel.lines if line.key == known.key)
    said = labels.after_tick(line.state, line.text)
    return fragments(
        ("checklist/_item.html", {"line": line, "row": _row_words(filters)}),
        ("checklist/_tip_progress.html", {"panel": panel}),
        ("checklist/_progress.html", {"sheet": counted}),
        ("_status.html", {"text": said}),
    )


def _actions() -> dict[int, tuple[NamedLink, ...]]:
    found = origins.actions_of_items(g.membership)
    return {item_id: tuple(map(link_to, refs)) for item_id, refs in found.items()}


def _action_url(number: int) -> str:
    return url_for("plan.action", number=number)


def _item_form(row: Item | None, *, posted: bool = False) -> ItemForm:
    if posted:
        form = ItemForm()
    elif row is None:
        form = ItemForm(formdata=None, version="1")
    else:
        form = ItemForm(formdata=None, obj=row, owner=row.owner_id)
    form.owner.offer(people_choices(g.membership, row.owner_id if row is not None else None))
    return form


def _item_page(known: TipItem, row: Item | None, form: ItemForm, *, is_stale: bool = False) -> str:
    changes = queries.changes_of(row) if row else []
    names = names_of(g.membership, labels.people_in(changes))
    actions = origins.actions_of_item(g.membership, row) if row else []
    found, last = None, changes[0] if changes else None
    if is_stale:
        found = differences(form, _item_form(row), row.version) if row is not None else []
    return render_template(
        "checklist/item.html",
        item=known,
        tip=content().tip(known.tip),
        form=form,
        differences=found,
        saved_by=(last.actor if last else None) or _("Someone"),
        saved_when=dates.minute(last.happened_at) if last else "",
        actions=[link_to(action) for action in actions],
        may_become_action=not actions and (row is None or row.state in queries.OPEN),
        steps=labels.steps(changes, names),
        args=_at(known),
    )
