"""Serves a meeting's papers: agenda and minutes to print and send, the sign-in sheet, and signing in."""

from collections.abc import Mapping, Sequence

from flask import flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from engage import clock
from engage.assessment.results.queries.agreed import AgreedAtMeeting, agreed_at
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.ready_texts import ready_text_to_share
from engage.extensions import db, in_language, language
from engage.i18n import gettext as _
from engage.languages import known
from engage.meetings import bp, queries, service
from engage.meetings.agenda import queries as agenda_queries
from engage.meetings.agenda.draft.pages import sources
from engage.meetings.attendance import sign_in
from engage.meetings.attendance.forms import HereForm
from engage.meetings.attendance.service import attended
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.papers.pages import minutes, papers
from engage.meetings.papers.pages.minutes import Minutes
from engage.meetings.planning import pages as planning_pages
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.queries import Lead
from engage.meetings.recording import service as recording_service
from engage.meetings.rules import Mode
from engage.plan.actions.queries import origins
from engage.plan.review.pages import period_words
from engage.plan.review.service import reviews_at
from engage.strengths.votes import queries as votes_queries
from engage.web import language_switch
from engage.web.answers import problem
from engage.web.links import external, qr
from engage.web.lists import NamedLink
from engage.web.papers import on_paper

# The printed agenda lists at most this many open items of tips. If there are more, it shows only counts per
# tip.
TIP_ITEMS_MOST = 24
# At least this many empty rows are printed for guests.
EMPTY_ROWS = 12


@bp.get("/<id:meeting_id>/agenda/")
@allows(Permission.SEE)
@on_paper
def agenda(meeting_id: int) -> str:
    """Shows the agenda; viewers see no people."""
    meeting = meeting_or_404(meeting_id)
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    leads = queries.leads_of(meeting) if sees_people else {}
    items = queries.agenda_of(meeting)
    paper = papers.agenda_paper(meeting, items, leads)
    also = known(request.args.get("also"))
    wanted = dict.fromkeys((language(), also) if also else (language(),))
    address = external(address_of(meeting) if sees_people else url_for(".agenda", meeting_id=meeting.id))
    text = papers.agenda_text(meeting, paper, g.coalition.name, address)
    return render_template(
        "meetings/papers/agenda.html",
        meeting=meeting,
        when=planning_pages.when_of(meeting),
        # For a bilingual meeting, the agenda is shown in one language after the other.
        sheets={each: _sheet(meeting, items, leads, each) for each in wanted},
        both=language_switch.others(),
        ready=ready_text_to_share(text, meeting.title, papers.short_text(meeting, address)),
        sees_meeting=sees_people,
    )


def _sheet(meeting: Meeting, items: Sequence[AgendaItem], leads: Mapping[int, Lead], wanted: str) -> Markup:
    """Renders the agenda in this language."""
    sees_people, is_first = may(g.membership.role, Permission.SEE_ALL), wanted == language()
    with in_language(wanted):
        tips = sources.reviewed_at(g.membership, meeting)
        rendered = render_template(
            "meetings/papers/_agenda.html",
            meeting=meeting,
            paper=papers.agenda_paper(meeting, items, leads),
            tips=tips,
            is_first=is_first,
            # Members get a list of items, if it fits on the second page.
            lists_items=sees_people and sum(len(each.open) for each in tips) <= TIP_ITEMS_MOST,
        )
    return Markup(rendered)  # noqa: S704 - rendered by Jinja


@bp.get("/<id:meeting_id>/minutes")
@allows(Permission.SEE)
@on_paper
def read_minutes(meeting_id: int) -> str:
    """Shows the minutes. Viewers see them once the meeting is closed, and without people."""
    meeting = meeting_or_404(meeting_id)
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    minutes.may_be_read(meeting, clock.now(), sees_people=sees_people)
    found = _minutes(meeting, sees_people)
    address = external(url_for(".read_minutes", meeting_id=meeting.id))
    text = minutes.minutes_text(meeting, found, g.coalition.name, address)
    title = _("Minutes: %(meeting)s", meeting=meeting.title)
    return render_template(
        "meetings/papers/minutes.html",
        meeting=meeting,
        when=planning_pages.when_of(meeting),
        minutes=found,
        ready=ready_text_to_share(text, title, papers.short_text(meeting, address)),
        sees_meeting=sees_people,
    )


def _minutes(meeting: Meeting, sees_people: bool) -> Minutes:
    items = queries.agenda_of(meeting)
    decided = decisions_service.decisions_of(meeting)
    of_decisions = origins.actions_of_decisions(g.membership)
    of_items = origins.actions_of_agenda_items(g.membership)
    came = attended(meeting)
    shown = planning_pages.attendance_shown(came)
    if not sees_people:
        counts = [(name or _("On their own"), len(people)) for name, people in came.organizations]
        shown = minutes.without_people(shown, counts)
    return Minutes(
        came=shown,
        from_where=minutes.from_words(
            sum(bool(name) for name, _people in came.organizations),
            sum(bool(key) for key, _count in came.sectors),
        ),
        decisions=minutes.decisions_of(decided, of_decisions, sees_people=sees_people),
        lines=minutes.lines_of(
            items,
            agenda_queries.carried_from(meeting),
            agenda_queries.carried_to(meeting),
            sees_people=sees_people,
        ),
        actions=minutes.actions_of(
            *(of_decisions.get(each.id, []) for each in decided),
            *(of_items.get(each.id, []) for each in items),
        ),
        results=_results(meeting, sees_people),
        closing=minutes.closing_words(recording_service.closings_of(meeting), sees_people=sees_people),
    )


def _results(meeting: Meeting, sees_people: bool) -> tuple[NamedLink, ...]:
    """Returns the plans, agreed values and votes of this meeting; viewers get only the plans."""
    found = [
        NamedLink(_("Plan adopted: %(plan)s", plan=title), url_for("plan.index", plan=key))
        for key, title in origins.plans_adopted_at(g.membership, meeting.id)
    ]
    found += [
        NamedLink(
            _("Plan reviewed: %(plan)s, %(period)s", plan=each.plan, period=period_words(each.period)),
            url_for("plan.show_review", review_id=each.id),
        )
        for each in reviews_at(g.membership, meeting.id)
    ]
    if sees_people:
        found += map(_agreed, agreed_at(g.membership, meeting.id))
        found += [
            NamedLink(_("Vote: %(title)s", title=vote.title), url_for("strengths.vote", vote_id=vote.id))
            for vote in votes_queries.votes_of_meeting(g.membership, meeting.id)
        ]
    return tuple(found)


def _agreed(value: AgreedAtMeeting) -> NamedLink:
    label = _(
        "Agreed value %(value)s: %(title)s (%(round)s)",
        value=value.number,
        title=value.title,
        round=value.round_title,
    )
    if not value.is_shown:
        return NamedLink(label, "")
    url = url_for(
        "assessment.area_results", round_id=value.round_id, key=value.area_key, _anchor=value.indicator
    )
    return NamedLink(label, url)


@bp.get("/<id:meeting_id>/sign-in")
@allows(Permission.WORK)
@on_paper
def sign_in_sheet(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    address = external(address_of(meeting))
    return render_template(
        "meetings/papers/sign_in.html",
        meeting=meeting,
        when=planning_pages.when_of(meeting),
        lines=sign_in.sheet_lines(meeting),
        empty=EMPTY_ROWS,
        address=address,
        qr=qr(address),
    )


@bp.post("/<id:meeting_id>/here")
@allows(Permission.WORK)
def come(meeting_id: int) -> Response:
    """Records *I'm here* for the signed-in person, with one press."""
    meeting = meeting_or_404(meeting_id)
    form = HereForm()
    if not form.validate_on_submit():
        return problem(422, _("You are not signed in yet"), _("Nothing was saved. Press the button again."))
    sign_in.come(g.membership, meeting, Mode(form.mode.data))
    db.session.commit()
    flash(_("You are on the list. Thank you for coming."))
    return redirect(address_of(meeting), 303)
