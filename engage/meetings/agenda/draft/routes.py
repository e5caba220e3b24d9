"""Serves *Draft the agenda*: choosing from proposals, a text to send, and what to prepare."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import Stage
from engage.content.model import AgendaPart
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.meetings import bp, queries, service
from engage.meetings.agenda import service as agenda_service
from engage.meetings.agenda.draft.pages.page import AgendaDraft
from engage.meetings.agenda.draft.pages.sources import Sources
from engage.meetings.agenda.forms import DraftForm
from engage.meetings.agenda.rules.minutes import MinutesSpread
from engage.meetings.models import Meeting
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.web.htmx import fragments, wants_fragment


def _draft(meeting: Meeting) -> AgendaDraft:
    """Returns the draft for the stage and part in the query string; invalid values are ignored."""
    sources = Sources(g.membership, meeting)
    stage, part = request.args.get("stage", ""), request.args.get("part", "")
    parts = {each.value for each, _length in sources.template.lengths}
    return AgendaDraft(
        sources,
        queries.agenda_of(meeting),
        Stage(stage) if stage in set(Stage) else sources.stage,
        AgendaPart(part) if part in parts else sources.part,
    )


def _shown(meeting: Meeting, draft: AgendaDraft, form: DraftForm, keys: Any) -> dict[str, object]:
    def at(**args: Any) -> str:
        return url_for(".draft_agenda", meeting_id=meeting.id, **args)

    action = at(stage=draft.stage.value, part=draft.part.value)
    return {"meeting": meeting, "draft": draft.page(keys, at), "form": form, "action": action}


@bp.get("/<id:meeting_id>/agenda/draft")
@allows(Permission.WORK)
def draft_agenda(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    draft = _draft(meeting)
    shown = _shown(meeting, draft, DraftForm(formdata=None), draft.usual)
    return render_template("meetings/agenda/agenda_draft.html", **shown)


@bp.post("/<id:meeting_id>/agenda/draft")
@allows(Permission.WORK)
def use_draft(meeting_id: int) -> Response | str | tuple[str, int]:
    meeting = meeting_or_404(meeting_id)
    draft, form = _draft(meeting), DraftForm()
    is_valid = form.validate_on_submit()
    if is_valid and form.asks_for_minutes:
        return _minutes(meeting, draft, form)
    kept = draft.chosen(form.keys)
    if is_valid and not kept:
        form.refuse("keep", _("Check at least one agenda item, or go back to the meeting."))
    elif is_valid:
        found = agenda_service.add_drafted(g.membership, meeting, kept, draft.ranks)
        db.session.commit()
        flash(_drafted_words(len(kept), found))
        if gone := len(form.keys) - len(kept):
            flash(_gone_words(gone))
        return redirect(f"{address_of(meeting)}#meetings-agenda", 303)
    return render_template(
        "meetings/agenda/agenda_draft.html", **_shown(meeting, draft, form, form.keys)
    ), 422


def _minutes(meeting: Meeting, draft: AgendaDraft, form: DraftForm) -> Response | str:
    """Shows how the time would be spread over the chosen lines, without saving anything."""
    shown = _shown(meeting, draft, form, form.keys)
    if wants_fragment():
        return fragments(("meetings/agenda/_draft.html", shown))
    return render_template("meetings/agenda/agenda_draft.html", **shown)


def _drafted_words(lines: int, found: MinutesSpread) -> str:
    words = ngettext("%(num)s item is on the agenda.", "%(num)s items are on the agenda.", lines)
    if not found.over:
        return words
    return _("%(words)s The items do not fit: drop some, or make the meeting longer.", words=words)


def _gone_words(gone: int) -> str:
    return ngettext(
        "%(num)s item you checked is left out: what it was about has changed in the meantime.",
        "%(num)s items you checked are left out: what they were about has changed in the meantime.",
        gone,
    )
