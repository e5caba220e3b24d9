"""Serves a round's doors for coordinators: opening and turning them off, the poster, slips, leaving out the link."""

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.assessment.blueprint import bp
from engage.assessment.doors import pages, queries, service
from engage.assessment.doors.forms import SlipsForm
from engage.assessment.languages import in_all_languages
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Door, Round
from engage.assessment.paper import pages as paper_pages
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import DoorKind
from engage.assessment.service import RoundIsClosed
from engage.coalitions.permissions import Permission
from engage.extensions import db, language
from engage.frame.access import allows
from engage.web.forms import ConfirmForm
from engage.web.papers import on_paper


@bp.get("/rounds/<id:round_id>/doors/")
@allows(Permission.RUN_ROUNDS)
def doors(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return _doors_page(round_, ConfirmForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/<kind>/open")
@allows(Permission.RUN_ROUNDS)
def open_door(round_id: int, kind: str) -> Response | tuple[str, int]:
    round_, form = _open_round(round_id), ConfirmForm()
    if form.validate_on_submit():
        door = service.open_door(g.membership, round_, _kind(kind))
        service.keep_tally(round_, g.coalition.time_zone)
        db.session.commit()
        if door.kind is DoorKind.SLIPS:
            return redirect(url_for(".door_slips", round_id=round_id), 303)
        flash(_("The link is open. Print the poster, or copy the link into an e-mail or a post."))
        return redirect(url_for(".doors", round_id=round_id), 303)
    return _doors_page(round_, form), 422


@bp.get("/rounds/<id:round_id>/doors/<kind>/turn-off")
@allows(Permission.RUN_ROUNDS)
def confirm_turning_off(round_id: int, kind: str) -> str:
    return _turning_off_page(*_door(round_id, kind), ConfirmForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/<kind>/turn-off")
@allows(Permission.RUN_ROUNDS)
def turn_off(round_id: int, kind: str) -> Response | tuple[str, int]:
    round_, door = _door(round_id, kind)
    form = ConfirmForm()
    if form.validate_on_submit():
        service.revoke(g.membership, round_, door.kind)
        db.session.commit()
        flash(_("It is turned off. People who have not started cannot use it."))
        return redirect(url_for(".doors", round_id=round_id), 303)
    return _turning_off_page(round_, door, form), 422


@bp.get("/rounds/<id:round_id>/doors/poster")
@allows(Permission.RUN_ROUNDS)
@on_paper
def poster(round_id: int) -> str:
    round_, door = _door(round_id, DoorKind.LINK)
    questions = in_all_languages(QuestionSet.from_json(round_.questions))
    return render_template(
        "assessment/doors/poster.html",
        round=round_,
        door=pages.open_door(door, language()) or abort(404),
        pills=paper_pages.languages(".poster", round_, questions, language()),
    )


@bp.get("/rounds/<id:round_id>/doors/slips")
@allows(Permission.RUN_ROUNDS)
@on_paper
def door_slips(round_id: int) -> str:
    return _slips_page(*_door(round_id, DoorKind.SLIPS), SlipsForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/slips")
@allows(Permission.RUN_ROUNDS)
def make_door_slips(round_id: int) -> Response | tuple[str, int]:
    round_, door = _door(round_id, DoorKind.SLIPS)
    form = SlipsForm()
    if form.validate_on_submit():
        service.make_slips(g.membership, door, form.count.data or 0)
        db.session.commit()
        return redirect(url_for(".door_slips", round_id=round_id), 303)
    return _slips_page(round_, door, form), 422


@bp.get("/rounds/<id:round_id>/doors/leave-out")
@allows(Permission.RUN_ROUNDS)
def confirm_leaving_out(round_id: int) -> str | Response:
    round_ = _open_round(round_id)
    if not _may_leave_out(round_):
        return redirect(url_for(".doors", round_id=round_id), 303)
    return _leaving_out_page(round_, ConfirmForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/leave-out")
@allows(Permission.RUN_ROUNDS)
def leave_link_out(round_id: int) -> Response | tuple[str, int]:
    round_, form = _open_round(round_id), ConfirmForm()
    if form.validate_on_submit():
        service.leave_out(g.membership, round_)
        db.session.commit()
        flash(_("All answers from the open link are left out. They are deleted when you close the round."))
        return redirect(url_for(".doors", round_id=round_id), 303)
    return _leaving_out_page(round_, form), 422


@bp.post("/rounds/<id:round_id>/doors/count-again")
@allows(Permission.RUN_ROUNDS)
def count_link_again(round_id: int) -> Response | tuple[str, int]:
    round_, form = _open_round(round_id), ConfirmForm()
    if form.validate_on_submit():
        service.count_again(g.membership, round_)
        db.session.commit()
        flash(_("The answers from the open link count. The link stays off until you open it again."))
        return redirect(url_for(".doors", round_id=round_id), 303)
    return _doors_page(round_, form), 422


def _kind(text: str) -> DoorKind:
    return DoorKind(text) if text in set(DoorKind) else abort(404)


def _open_round(round_id: int) -> Round:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        raise RoundIsClosed(_("This round is closed. It no longer accepts answers."))
    return round_


def _door(round_id: int, kind: str) -> tuple[Round, Door]:
    """Returns an open door of an open round; answers "not found" for another."""
    round_ = _open_round(round_id)
    return round_, queries.door_of(round_, _kind(kind)) or abort(404)


def _may_leave_out(round_: Round) -> bool:
    return round_.closed_at is None and not round_.link_left_out


def _doors_page(round_: Round, form: ConfirmForm) -> str:
    link, slips = (queries.door_of(round_, kind) for kind in (DoorKind.LINK, DoorKind.SLIPS))
    return render_template(
        "assessment/doors/doors.html",
        round=round_,
        form=form,
        link=link,
        shown=pages.open_door(link),
        slips=slips,
        came=pages.came(round_),
        crowded_on=queries.crowded_on(round_),
        may_leave_out=queries.may_leave_link_out(round_),
        may_count_again=round_.link_left_out and round_.closed_at is None,
        mails=current_app.config["MAIL"] is not None,
    )


def _turning_off_page(round_: Round, door: Door, form: ConfirmForm) -> str:
    is_link = door.kind is DoorKind.LINK
    return render_template(
        "assessment/doors/turn_off.html", round=round_, kind=door.kind, is_link=is_link, form=form
    )


def _leaving_out_page(round_: Round, form: ConfirmForm) -> str:
    return render_template("assessment/doors/leave_out.html", round=round_, form=form)


def _slips_page(round_: Round, door: Door, form: SlipsForm) -> str:
    slips = queries.slips_of(door)
    cards = pages.cards(door, slips.codes)
    return render_template(
        "assessment/doors/slips.html", round=round_, form=form, cards=cards, missing=slips.missing
    )
