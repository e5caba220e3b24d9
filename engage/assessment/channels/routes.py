"""Serves a round's channels for coordinators: opening and revoking, the poster, slips, leaving out the link."""

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.assessment import bp
from engage.assessment import pages as assessment_pages
from engage.assessment import queries as assessment_queries
from engage.assessment.channels import pages, queries, service
from engage.assessment.channels.forms import ChannelSlipsForm
from engage.assessment.languages import in_all_languages
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Channel, Round
from engage.assessment.questions import QuestionSet
from engage.assessment.results.rules.people import floor
from engage.assessment.rules import ChannelKind
from engage.assessment.service import RoundIsClosed
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db, language
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.forms import ConfirmForm
from engage.web.papers import on_paper


@bp.get("/rounds/<id:round_id>/doors/")
@allows(Permission.RUN_ROUNDS)
def channels(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return _channels_page(round_)


@bp.post("/rounds/<id:round_id>/doors/<kind>/open")
@allows(Permission.RUN_ROUNDS)
@button
def open_channel(round_id: int, kind: str) -> Response:
    round_ = _open_round(round_id)
    channel = service.open_channel(g.membership, round_, _kind(kind))
    service.keep_tally(round_, g.coalition.time_zone)
    db.session.commit()
    if channel.kind is ChannelKind.SLIPS:
        return redirect(url_for(".channel_slips", round_id=round_id), 303)
    flash(_("The link is open. Print the poster, or copy the link into an e-mail or a post."))
    return redirect(url_for(".respondents", round_id=round_id), 303)


@bp.get("/rounds/<id:round_id>/doors/<kind>/turn-off")
@allows(Permission.RUN_ROUNDS)
def confirm_turning_off(round_id: int, kind: str) -> str:
    return _turning_off_page(*_channel(round_id, kind), ConfirmForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/<kind>/turn-off")
@allows(Permission.RUN_ROUNDS)
@button
def turn_off(round_id: int, kind: str) -> Response:
    round_, channel = _channel(round_id, kind)
    service.revoke(g.membership, round_, channel.kind)
    db.session.commit()
    flash(_("It is turned off. People who have not started cannot use it."))
    return redirect(url_for(".channels", round_id=round_id), 303)


@bp.get("/rounds/<id:round_id>/doors/poster")
@allows(Permission.RUN_ROUNDS)
@on_paper
def poster(round_id: int) -> str:
    round_, channel = _channel(round_id, ChannelKind.LINK)
    questions = in_all_languages(QuestionSet.from_json(round_.questions))
    return render_template(
        "assessment/channels/poster.html",
        round=round_,
        channel=pages.open_channel(channel, language()) or abort(404),
        pills=assessment_pages.languages(".poster", round_, questions, language()),
    )


@bp.get("/rounds/<id:round_id>/doors/slips")
@allows(Permission.RUN_ROUNDS)
@on_paper
def channel_slips(round_id: int) -> str:
    return _slips_page(*_channel(round_id, ChannelKind.SLIPS), ChannelSlipsForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/slips")
@allows(Permission.RUN_ROUNDS)
def make_channel_slips(round_id: int) -> Response | tuple[str, int]:
    round_, channel = _channel(round_id, ChannelKind.SLIPS)
    form = ChannelSlipsForm()
    if form.validate_on_submit():
        service.make_slips(g.membership, channel, form.count.data or 0)
        db.session.commit()
        return redirect(url_for(".channel_slips", round_id=round_id), 303)
    return _slips_page(round_, channel, form), 422


@bp.get("/rounds/<id:round_id>/doors/leave-out")
@allows(Permission.RUN_ROUNDS)
def confirm_leaving_out(round_id: int) -> str | Response:
    round_ = _open_round(round_id)
    if not _may_leave_out(round_):
        return redirect(url_for(".channels", round_id=round_id), 303)
    return _leaving_out_page(round_, ConfirmForm(formdata=None))


@bp.post("/rounds/<id:round_id>/doors/leave-out")
@allows(Permission.RUN_ROUNDS)
@button
def leave_link_out(round_id: int) -> Response:
    round_ = _open_round(round_id)
    service.leave_out(g.membership, round_)
    db.session.commit()
    flash(_("All answers from the open link are left out. They are deleted when you close the round."))
    return redirect(url_for(".channels", round_id=round_id), 303)


@bp.post("/rounds/<id:round_id>/doors/count-again")
@allows(Permission.RUN_ROUNDS)
@button
def count_link_again(round_id: int) -> Response:
    round_ = _open_round(round_id)
    service.count_again(g.membership, round_)
    db.session.commit()
    flash(_("The answers from the open link count. The link stays off until you open it again."))
    return redirect(url_for(".channels", round_id=round_id), 303)


def _kind(text: str) -> ChannelKind:
    return ChannelKind(text) if text in set(ChannelKind) else abort(404)


def _open_round(round_id: int) -> Round:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        raise RoundIsClosed(_("This round is closed. It no longer accepts answers."))
    return round_


def _channel(round_id: int, kind: str) -> tuple[Round, Channel]:
    """Returns an open round and its open channel of this kind; aborts with 404 if there is none."""
    round_ = _open_round(round_id)
    return round_, queries.channel_of(round_, _kind(kind)) or abort(404)


def _may_leave_out(round_: Round) -> bool:
    return round_.closed_at is None and not round_.link_left_out


def _channels_page(round_: Round) -> str:
    return render_template(
        "assessment/channels/channels.html",
        round=round_,
        link=pages.link_part(g.membership, round_),
        slips=queries.channel_of(round_, ChannelKind.SLIPS),
        is_over=assessment_queries.is_over(round_, g.membership),
        reopenings=assessment_queries.reopenings_of(round_),
        came=pages.came(round_),
        crowded_on=queries.crowded_on(round_),
        may_leave_out=queries.may_leave_link_out(round_),
        floor=floor(round_.k),
        mails=current_app.config["MAIL"] is not None,
    )


def _turning_off_page(round_: Round, channel: Channel, form: ConfirmForm) -> str:
    is_link = channel.kind is ChannelKind.LINK
    return render_template(
        "assessment/channels/turn_off.html", round=round_, kind=channel.kind, is_link=is_link, form=form
    )


def _leaving_out_page(round_: Round, form: ConfirmForm) -> str:
    return render_template("assessment/channels/leave_out.html", round=round_, form=form)


def _slips_page(round_: Round, channel: Channel, form: ChannelSlipsForm) -> str:
    slips = queries.slips_of(channel)
    cards = pages.cards(channel, slips.codes)
    return render_template(
        "assessment/channels/slips.html", round=round_, form=form, cards=cards, missing=slips.missing
    )
