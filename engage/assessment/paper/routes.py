"""Serves a round on paper: the blank form to print, the grid to enter a filled one, and removing a wrong one."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.assessment import bp, pages
from engage.assessment import service as assessment_service
from engage.assessment.channels import pages as channels_pages
from engage.assessment.channels import queries as channels_queries
from engage.assessment.languages import in_all_languages
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Paper, Round
from engage.assessment.paper import service
from engage.assessment.paper.forms import KeyForm
from engage.assessment.questions import QuestionSet
from engage.assessment.results.labels import option_words
from engage.assessment.rules import ChannelKind
from engage.coalitions.permissions import Permission, allows
from engage.content.loader import content
from engage.errors import FieldRefused
from engage.extensions import db, language
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.web import links
from engage.web.access import button
from engage.web.papers import on_paper


@bp.get("/rounds/<id:round_id>/paper")
@allows(Permission.ANSWER)
@on_paper
def paper(round_id: int) -> str | Response:
    """Shows the blank form to print, in one of the languages that its questions have."""
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    questions = in_all_languages(QuestionSet.from_json(round_.questions))
    return _paper_page(round_, questions)


@bp.get("/rounds/<id:round_id>/key")
@allows(Permission.RUN_ROUNDS)
def key(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    # Sheets of one language often come together, so the form suggests the language of the last sheet.
    form = _form(round_, formdata=None, data={"language": request.args.get("sheet")})
    form.number.data = service.next_number(round_)
    return _key_page(round_, form)


@bp.post("/rounds/<id:round_id>/key")
@allows(Permission.RUN_ROUNDS)
def save_paper(round_id: int) -> Response | tuple[str, int]:
    round_ = round_or_404(round_id)
    form = _form(round_)
    if form.validate_on_submit():
        assert form.number.data is not None
        try:
            service.key_paper(
                g.membership, round_, form.number.data, form.sector.data, form.spoken, form.said
            )
            db.session.commit()
            flash(_saved(form))
            sheet = form.spoken if form.spoken != form.first_language else None
            return redirect(url_for(".key", round_id=round_id, sheet=sheet), 303)
        except FieldRefused as error:
            form.refuse(error.field, error.message)
    return _key_page(round_, form), 422


@bp.get("/rounds/<id:round_id>/papers/<id:number>/take-out")
@allows(Permission.RUN_ROUNDS)
def confirm_take_out(round_id: int, number: int) -> str:
    round_, found = _paper(round_id, number)
    return render_template("assessment/paper/take_out.html", round=round_, paper=found)


@bp.post("/rounds/<id:round_id>/papers/<id:number>/take-out")
@allows(Permission.RUN_ROUNDS)
@button
def take_out(round_id: int, number: int) -> Response:
    round_, found = _paper(round_id, number)
    service.take_out(g.membership, round_, found)
    db.session.commit()
    flash(_("Paper response %(number)s is removed. Its answers are deleted.", number=number))
    return redirect(url_for(".key", round_id=round_id), 303)


def _paper_page(round_: Round, questions: QuestionSet) -> str:
    read = questions.in_language(language())
    link = channels_pages.open_channel(channels_queries.channel_of(round_, ChannelKind.LINK), language())
    address = link.link if link is not None else links.external(url_for(".show_round", round_id=round_.id))
    return render_template(
        "assessment/paper/paper.html",
        round=round_,
        questions=read,
        pills=pages.languages(".paper", round_, questions, read.language),
        sectors=content().sectors_of_people,
        address=address,
        qr=link.qr if link is not None else links.qr(address),
        option_words=option_words,
    )


def _paper(round_id: int, number: int) -> tuple[Round, Paper]:
    round_ = round_or_404(round_id)
    if not round_.is_open:
        raise assessment_service.RoundIsClosed(
            _("This round is closed: no one can tell anymore which answers came on paper.")
        )
    return round_, service.paper_of(round_, number) or abort(404)


def _form(round_: Round, **settings: object) -> KeyForm:
    questions = in_all_languages(QuestionSet.from_json(round_.questions))
    return KeyForm(questions, content().sectors_of_people, **settings)


def _key_page(round_: Round, form: KeyForm) -> str:
    return render_template(
        "assessment/paper/key.html", round=round_, form=form, keyed=service.papers_of(round_)
    )


def _saved(form: KeyForm) -> str:
    said, total = len(form.said), len(form.parts)
    text = _(
        "Paper response %(number)s is saved: %(said)s of %(total)s answered.",
        number=form.number.data,
        said=said,
        total=total,
    )
    if said == total:
        return text
    empty = total - said
    left = ngettext("%(num)s was left empty.", "%(num)s were left empty.", empty)
    return f"{text} {left}"
