"""Serves letters: writing, checking and sending one, and its results.

Other pages link to the form: `url_for("letters.write", to="meeting:4", about="agenda:4")`. `audiences.KINDS`
and `links.KINDS` list the values of `to` and `about`; `people=1&people=2` chooses people one by one.
"""

from collections.abc import Callable, Sequence

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage import tokens
from engage.coalitions import queries as coalitions
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db, mail_server
from engage.i18n import gettext as _
from engage.messages.letters import audiences, links, pages, queries, service
from engage.messages.letters.audiences import LetterAudience
from engage.messages.letters.forms import CHOSEN, LetterForm
from engage.messages.letters.links import LinkAbout
from engage.messages.letters.models import Letter
from engage.messages.letters.queries import Recipient
from engage.messages.letters.rules import Way
from engage.messages.letters.service import SentAlready
from engage.numbers import whole_number
from engage.web.access import button
from engage.web.blueprints import coalition_blueprint
from engage.web.htmx import fragments, wants_fragment
from engage.web.lists import Pages, page_asked

bp = coalition_blueprint("letters", __name__, "people")


@bp.get("/write")
@allows(Permission.WRITE_TO_PEOPLE)
def write() -> str:
    """Shows the form, filled in from the query string; nothing is stored."""
    people = request.args.getlist("people")
    key = request.args.get("to") or (CHOSEN if people else "everybody")
    about = links.about(g.coalition, request.args.get("about", ""))
    words = about.kind.words(g.membership, about.number) if about is not None else None
    form = LetterForm(
        formdata=None,
        to=key,
        people=people,
        about=request.args.get("about", "") if about is not None else "",
        subject=words.subject if words is not None else "",
        text=words.text if words is not None else "",
        press=tokens.new_token(),
    )
    _offer(form, key)
    return _write_page(form, about)


@bp.post("/write")
@allows(Permission.WRITE_TO_PEOPLE)
def check_and_send() -> Response | str | tuple[str, int]:
    """Checks the letter, sends a test of it, sends it, or returns to the form, depending on the button."""
    form = LetterForm()
    _offer(form, form.to.data or "")
    pressed = request.form.get("do", "check")
    if pressed == "change":
        return _write_page(form)
    found = _found(form) if form.validate_on_submit() else None
    if found is None:
        return _write_page(form), 422
    audience, about, people = found
    if pressed == "test":
        return _tested(form, audience, about, people)
    if pressed not in {"send", "anyway"}:
        if service.was_sent(g.membership, form.press.data or ""):
            # A new value, so that going back after sending and checking again counts as another letter.
            form.press.data = tokens.new_token()
        return _check_page(form, audience, about, people)
    if form.seen.data != pages.seen_of(people):
        return _check_page(form, audience, about, people, changed=True), 409
    try:
        sent = service.send(
            g.membership, form.content, people, form.press.data or "", anyway=pressed == "anyway"
        )
    except SentAlready as before:
        return _check_page(form, audience, about, people, twin=before), 409
    db.session.commit()
    g.letters_wait = True
    return redirect(url_for(".letter", letter_id=sent.id), 303)


def _offer(form: LetterForm, key: str) -> None:
    form.offer(audiences.offered(g.membership, key), coalitions.people_choices(g.membership))


def _found(form: LetterForm) -> tuple[LetterAudience, LinkAbout, Sequence[Recipient]] | None:
    """Returns the audience and the thing the letter is about; None if a field was refused."""
    about = links.about(g.coalition, form.about.data or "")
    audience = audiences.audience(g.membership, form.to.data or "", form.chosen_ids)
    by_mail = mail_server() is not None
    if about is None or not form.press.data or len(form.press.data) > 43:
        form.refuse("to", _("The item this letter was about was deleted. Start over."))
        return None
    if not by_mail and not about.shared_url(g.coalition):
        form.refuse(
            "to",
            _("This site sends no e-mail, so no one can get a link of their own here. Use paper instead."),
        )
        return None
    assert audience is not None
    people = queries.recipients(g.membership, audience, by_mail=by_mail)
    if not any(each.way is not Way.NONE for each in people):
        form.refuse("to", _("None of these people can be reached by e-mail or phone. Choose other people."))
        return None
    return audience, about, people


def _tested(
    form: LetterForm, audience: LetterAudience, about: LinkAbout, people: Sequence[Recipient]
) -> str | tuple[str, int]:
    if mail_server() is None:
        abort(404)
    sent = service.test(g.membership, form.content, tokens.new_token())
    db.session.commit()
    g.letters_wait = True
    return _check_page(form, audience, about, people, tested=sent.id)


def _write_page(form: LetterForm, about: LinkAbout | None = None) -> str:
    about = about or links.about(g.coalition, form.about.data or "")
    return render_template(
        "messages/letters/write.html",
        form=form,
        about=about,
        leads_to=about.shown(g.coalition) if about is not None else "",
        server=mail_server(),
        email=current_user.email,
    )


def _check_page(
    form: LetterForm, audience: LetterAudience, about: LinkAbout, people: Sequence[Recipient], **more: object
) -> str:
    return render_template(
        "messages/letters/check.html",
        form=form,
        check=pages.check(g.membership, audience, people, about, form.text.data or ""),
        server=mail_server(),
        email=current_user.email,
        demo=current_app.config["DEMO"],
        **{"changed": False, "twin": None, "tested": None, **more},
    )


# -- results of letters


@bp.get("/letters/")
@allows(Permission.WRITE_TO_PEOPLE)
def index() -> str:
    found = queries.letters_of(g.membership, page_asked(request.args.get("page", "")))
    return render_template(
        "messages/letters/letters.html",
        rows=found.rows,
        titles=pages.titles(g.membership, found.rows),
        shown=Pages(found.page, found.pages, lambda page: url_for(".index", page=page)),
    )


@bp.get("/letters/<id:letter_id>")
@allows(Permission.WRITE_TO_PEOPLE)
def letter(letter_id: int) -> Response | str:
    this_letter = _letter_or_404(letter_id)
    if wants_fragment():
        return fragments(("messages/letters/_progress.html", _sheet(this_letter)))
    return render_template("messages/letters/letter.html", **_sheet(this_letter))


@bp.post("/letters/<id:letter_id>/again")
@allows(Permission.WRITE_TO_PEOPLE)
@button
def try_again(letter_id: int) -> Response:
    """Queues letters again that were certainly not sent."""
    return _moved(letter_id, service.try_again, waits=True)


@bp.post("/letters/<id:letter_id>/resend")
@allows(Permission.WRITE_TO_PEOPLE)
@button
def send_again(letter_id: int) -> Response:
    """Queues letters again that may have been sent, so that some may arrive twice."""
    return _moved(letter_id, service.send_again, waits=True)


@bp.post("/letters/<id:letter_id>/stop")
@allows(Permission.WRITE_TO_PEOPLE)
@button
def stop(letter_id: int) -> Response:
    """Cancels letters that were not sent yet."""
    return _moved(letter_id, service.cancel, waits=False)


@bp.post("/letters/<id:letter_id>/sent")
@allows(Permission.WRITE_TO_PEOPLE)
@button
def mark_sent(letter_id: int) -> Response:
    """Records that these people got the letter by hand, or undoes that."""
    this_letter = _letter_or_404(letter_id)
    told = map(whole_number, request.form.getlist("line"))
    ids = [key for key in told if key is not None]
    move = service.unmark_sent if request.form.get("undo") else service.mark_sent
    move(this_letter, ids)
    db.session.commit()
    return redirect(url_for(".letter", letter_id=letter_id), 303)


def _moved(letter_id: int, move: Callable[[Letter], None], *, waits: bool) -> Response:
    this_letter = _letter_or_404(letter_id)
    move(this_letter)
    db.session.commit()
    g.letters_wait = waits
    flash(_("They are being sent.") if waits else _("The rest of this letter will not be sent."))
    return redirect(url_for(".letter", letter_id=letter_id), 303)


def _letter_or_404(letter_id: int) -> Letter:
    return queries.letter_of(g.membership, letter_id) or abort(404)


def _sheet(this_letter: Letter) -> dict[str, object]:
    writer = (
        coalitions.person_of(g.membership, this_letter.written_by_id) if this_letter.written_by_id else None
    )
    return {
        "letter": this_letter,
        "writer": writer.name if writer is not None else "",
        "sheet": pages.sheet(g.membership, this_letter),
    }
