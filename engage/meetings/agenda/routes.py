"""Serves the lines of a meeting's agenda: adding, editing, moving, dropping, spreading the minutes."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.coalitions.trash import notice
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import bp, queries, service
from engage.meetings.agenda import service as agenda_service
from engage.meetings.agenda.forms import AgendaLineForm, MoveLineForm
from engage.meetings.agenda.labels import title_of
from engage.meetings.agenda.pages import links
from engage.meetings.agenda.rules.minutes import MinutesSpread
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.rules import Source
from engage.web.access import button
from engage.web.answers import problem
from engage.web.differences import Difference, differences
from engage.web.htmx import fragments, wants_fragment


def _line_or_404(meeting_id: int, item_id: int) -> tuple[Meeting, AgendaItem]:
    item = queries.item_of(g.membership, meeting_id, item_id) or gone(AgendaItem.__tablename__, item_id)
    return meeting_or_404(meeting_id), item


# -- adding and editing


def _form(item: AgendaItem | None, label: str = "", *, typed: bool) -> AgendaLineForm:
    people = people_choices(g.membership, item.lead_id if item is not None else None)
    return AgendaLineForm.of(item, label, typed=typed, people=people)


@bp.get("/<id:meeting_id>/agenda/add")
@allows(Permission.WORK)
def new_line(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    return _line_page(meeting, None, _form(None, typed=False))


@bp.post("/<id:meeting_id>/agenda/add")
@allows(Permission.WORK)
def add_line(meeting_id: int) -> Response | tuple[str, int]:
    meeting = meeting_or_404(meeting_id)
    form = _form(None, typed=True)
    if form.validate_on_submit() and _is_there(form, meeting):
        agenda_service.add_line(g.membership, meeting, form.fields())
        db.session.commit()
        flash(_("The item is on the agenda."))
        another = "another" in request.form
        return redirect(url_for(".new_line", meeting_id=meeting_id) if another else _agenda_of(meeting), 303)
    return _line_page(meeting, None, form), 422


@bp.get("/<id:meeting_id>/agenda/<id:item_id>/edit")
@allows(Permission.WORK)
def edit_line(meeting_id: int, item_id: int) -> str:
    meeting, item = _line_or_404(meeting_id, item_id)
    service.still_open(meeting)
    return _line_page(meeting, item, _form(item, _about_words(meeting, item), typed=False))


@bp.post("/<id:meeting_id>/agenda/<id:item_id>/edit")
@allows(Permission.WORK)
def save_line(meeting_id: int, item_id: int) -> Response | tuple[str, int]:
    meeting, item = _line_or_404(meeting_id, item_id)
    label = _about_words(meeting, item)
    form, found, status = _form(item, label, typed=True), None, 422
    if form.validate_on_submit() and _is_there(form, meeting, item):
        try:
            agenda_service.edit_line(g.membership, meeting, item, form.opened_version, form.fields(item))
            db.session.commit()
            flash(_("The item is saved."))
            return redirect(_agenda_of(meeting), 303)
        except StaleVersion:
            found, status = differences(form, _form(item, label, typed=False), item.version), 409
    return _line_page(meeting, item, form, found), status


def _about_words(meeting: Meeting, item: AgendaItem) -> str:
    """Returns the name of the line's subject for the edit form."""
    link = links.links_of(g.membership, [item.about], meeting.id).get(item.about)
    if link is not None:
        return link.label
    of_template = item.source is Source.TEMPLATE
    return _("Standard for this kind of meeting") if of_template else _("Something that was deleted")


def _is_there(form: AgendaLineForm, meeting: Meeting, item: AgendaItem | None = None) -> bool:
    """Returns whether the subject exists that the form names by number, or is the unchanged earlier one."""
    before = item.about if item is not None else ""
    wanted = form.about(before)
    if not form.names_by_number or wanted == before:
        return True
    there = wanted in links.links_of(g.membership, [wanted], meeting.id)
    if not there:
        form.refuse("about_number", _("No item of this kind has that number."))
    return there


def _line_page(
    meeting: Meeting, item: AgendaItem | None, form: AgendaLineForm, found: list[Difference] | None = None
) -> str:
    return render_template(
        "meetings/agenda/agenda_line.html",
        meeting=meeting,
        item=item,
        form=form,
        differences=found,
        back=_agenda_of(meeting),
    )


def _agenda_of(meeting: Meeting) -> str:
    return f"{address_of(meeting)}#meetings-agenda"


# -- moving lines, dropping them and putting them back


@bp.post("/<id:meeting_id>/agenda/<id:item_id>/move")
@allows(Permission.WORK)
def move_line(meeting_id: int, item_id: int) -> Response:
    meeting, item = _line_or_404(meeting_id, item_id)
    form = MoveLineForm()
    if not form.validate_on_submit() or form.before_id is None:
        return problem(
            422, _("The agenda was not changed"), _("Nothing was changed. Press the button again.")
        )
    agenda_service.move(meeting, item, form.before_id)
    db.session.commit()
    return _changed(meeting, _("“%(title)s” is moved.", title=title_of(item)), item.id)


@bp.post("/<id:meeting_id>/agenda/<id:item_id>/drop")
@allows(Permission.WORK)
@button
def drop_line(meeting_id: int, item_id: int) -> Response:
    meeting, item = _line_or_404(meeting_id, item_id)
    agenda_service.drop(g.membership, meeting, item)
    db.session.commit()
    text = _("“%(title)s” is off the agenda. It is listed below if you want it back.", title=title_of(item))
    return _changed(meeting, text)


@bp.post("/<id:meeting_id>/agenda/<id:item_id>/keep")
@allows(Permission.WORK)
@button
def keep_line(meeting_id: int, item_id: int) -> Response:
    meeting, item = _line_or_404(meeting_id, item_id)
    agenda_service.keep(g.membership, meeting, item)
    db.session.commit()
    return _changed(meeting, _("“%(title)s” is back on the agenda.", title=title_of(item)), item.id)


@asks_to_delete(bp, "/<id:meeting_id>/agenda/<id:item_id>/delete", Permission.WORK)
def delete_line(meeting_id: int, item_id: int) -> Deletion:
    """Deletes a line that was dropped from the agenda."""
    meeting, item = _line_or_404(meeting_id, item_id)
    title = title_of(item)
    return Deletion(
        title=_("Delete this agenda item?"),
        what=title,
        back=_agenda_of(meeting),
        delete=lambda: (
            _("“%(title)s” is in the trash.", title=title),
            agenda_service.delete_line(g.membership, meeting, item),
        ),
    )


@bp.post("/<id:meeting_id>/agenda/spread")
@allows(Permission.WORK)
@button
def spread_minutes(meeting_id: int) -> Response:
    meeting = meeting_or_404(meeting_id)
    found = agenda_service.spread_minutes(g.membership, meeting)
    db.session.commit()
    return _changed(meeting, _spread_words(found))


def _spread_words(found: MinutesSpread) -> str:
    if found.over:
        return _(
            "Every item now has the fewest minutes possible, and they still do not fit. Drop "
            "some, or make the meeting longer."
        )
    if found.spare:
        return _("Every item now has twice its time, and some is left. Add items, or end early.")
    return _("The minutes are divided among the agenda items.")


def _changed(meeting: Meeting, text: str, item_id: int | None = None) -> Response:
    """Shows the changed agenda: for htmx only the agenda's part of the page, else the whole page."""
    if wants_fragment():
        part = {"meeting": meeting, **links.agenda_part(g.membership, meeting, item_id)}
        return fragments(("meetings/agenda/_agenda.html", part), notice.fragment(text, None))
    flash(text)
    return redirect(_agenda_of(meeting), 303)
