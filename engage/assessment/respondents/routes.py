"""Serves the respondents of an open round: inviting, who has finished, reminding, removing; never their answers."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.assessment import bp, queries
from engage.assessment.channels import pages as channels_pages
from engage.assessment.labels import STANDING_LABELS, STANDING_TAGS
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Round
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.respondents import reminding, service
from engage.assessment.respondents.queries import PAGE_ROWS, Respondent
from engage.assessment.results.rules.people import floor
from engage.assessment.rounds.forms import InviteRespondentsForm
from engage.assessment.rules import Asked
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, allows
from engage.content.loader import content
from engage.extensions import db, mail_server
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners import queries as partners_queries
from engage.web.access import button
from engage.web.forms import ConfirmForm
from engage.web.lists import Pages, nearest_page


@bp.get("/rounds/<id:round_id>/respondents/")
@allows(Permission.RUN_ROUNDS)
def respondents(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    if round_.is_for_anyone:
        return redirect(url_for(".channels", round_id=round_id), 303)
    people = respondents_queries.respondents(round_)
    others = [person for person in people if person.id != g.membership.id]
    page, pages = nearest_page(request.args.get("page", 1, type=int), len(people), PAGE_ROWS)
    disciplines = {each.key: each.name for each in content().person_disciplines()}
    return render_template(
        "assessment/respondents/respondents.html",
        round=round_,
        turn_out=respondents_queries.turn_out(round_),
        waiting=sum(person.waits for person in others),
        people=people[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        says_asked=round_.asked is Asked.INVITED or any(person.is_special for person in people),
        total=len(people),
        shown=Pages(page, pages, lambda n: url_for(".respondents", round_id=round_id, page=n)),
        disciplines=disciplines,
        reopenings=queries.reopenings_of(round_),
        is_over=queries.is_over(round_, g.membership),
        words=STANDING_LABELS,
        tags=STANDING_TAGS,
        chooses=round_.asked is Asked.INVITED,
        ready=reminding.text_to_share(g.membership, round_),
        link=channels_pages.link_part(g.membership, round_),
        floor=floor(round_.k),
        sends_from_here=mail_server() is not None,
    )


@bp.get("/rounds/<id:round_id>/invite")
@allows(Permission.RUN_ROUNDS)
def invite_page(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    if round_.asked is not Asked.INVITED:
        return redirect(url_for(".respondents", round_id=round_id), 303)
    return _invite_page(round_, InviteRespondentsForm(formdata=None))


@bp.post("/rounds/<id:round_id>/invite")
@allows(Permission.RUN_ROUNDS)
def invite(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = InviteRespondentsForm()
    _offer(round_, form)
    if form.validate_on_submit():
        new = service.invite(g.membership, round_, form.person_ids, form.disciplines.data or [])
        db.session.commit()
        flash(
            ngettext(
                "%(num)s person is invited. No message went out yet: let them know.",
                "%(num)s people are invited. No message went out yet: let them know.",
                new,
            )
        )
        return redirect(url_for(".respondents", round_id=round_id), 303)
    return _invite_page(round_, form), 422


@bp.get("/rounds/<id:round_id>/remind")
@allows(Permission.REMIND)
def remind_all(round_id: int) -> str | Response:
    """Shows one reminder for everyone who has not finished."""
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    if round_.is_for_anyone:
        return redirect(url_for(".channels", round_id=round_id), 303)
    asked = respondents_queries.respondents(round_)
    waiting = [each for each in asked if each.waits and each.id != g.membership.id]
    people = coalitions.people_with_accounts(g.membership, {each.id for each in waiting})
    ready = reminding.text_for_all(g.membership, round_, people) if waiting else None
    return render_template(
        "assessment/respondents/remind.html", round=round_, person=None, waiting=waiting, ready=ready
    )


@bp.get("/rounds/<id:round_id>/respondents/<id:person_id>/remind")
@allows(Permission.REMIND)
def remind_one(round_id: int, person_id: int) -> str:
    round_, person, found = _respondent(round_id, person_id)
    ready = reminding.text_for(g.membership, round_, person) if found.waits else None
    return render_template(
        "assessment/respondents/remind.html", round=round_, person=person, waiting=[], ready=ready
    )


@bp.get("/rounds/<id:round_id>/respondents/<id:person_id>/take-out")
@allows(Permission.RUN_ROUNDS)
def confirm_taking_out(round_id: int, person_id: int) -> str:
    return _taking_out_page(*_respondent(round_id, person_id), ConfirmForm(formdata=None))


@bp.post("/rounds/<id:round_id>/respondents/<id:person_id>/take-out")
@allows(Permission.RUN_ROUNDS)
@button
def take_person_out(round_id: int, person_id: int) -> Response:
    round_, person, _found = _respondent(round_id, person_id)
    service.take_out(g.membership, round_, person)
    db.session.commit()
    flash(_("This round no longer asks %(name)s.", name=person.name))
    return redirect(url_for(".respondents", round_id=round_id), 303)


def _respondent(round_id: int, person_id: int) -> tuple[Round, Membership, Respondent]:
    """Returns a person whom this open round asks; aborts with 404 for others."""
    round_ = round_or_404(round_id)
    person = coalitions.person_of(g.membership, person_id) or abort(404)
    found = respondents_queries.respondent_of(round_, person) if round_.is_open else None
    if found is None:
        abort(404)
    return round_, person, found


def _taking_out_page(round_: Round, person: Membership, found: Respondent, form: ConfirmForm) -> str:
    return render_template(
        "assessment/respondents/take_person_out.html",
        round=round_,
        person=person,
        respondent=found,
        form=form,
    )


def _offer(round_: Round, form: InviteRespondentsForm) -> respondents_queries.Routing:
    people = respondents_queries.people_to_ask(round_)
    routing = respondents_queries.routing(round_, people, content())
    form.offer(routing.here, people)
    return routing


def _invite_page(round_: Round, form: InviteRespondentsForm) -> str:
    routing = _offer(round_, form)
    return render_template(
        "assessment/respondents/invite.html",
        round=round_,
        form=form,
        routing=routing,
        here={each.discipline.key: each for each in routing.here},
        organizations=partners_queries.organization_names(g.membership),
    )
