"""Serves an account's mail settings: the digest, letters, and, for some people, a test mail."""

from functools import partial

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.calendar.feeds import service as feeds_service
from engage.coalitions import queries as coalitions
from engage.errors import WrongState
from engage.extensions import csrf, db, language, mail_server
from engage.i18n import gettext as _
from engage.messages.digest import service as digest_service
from engage.messages.forms import FrequencyForm
from engage.messages.letters import opt_outs
from engage.messages.letters.models import LetterOptOut
from engage.messages.mail import mail_test
from engage.messages.mail import service as mail_service
from engage.messages.models import MailSetting
from engage.messages.rules import Frequency
from engage.web.access import button, public, signed_in
from engage.web.answers import problem
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment

bp = Blueprint("my_messages", __name__)


@bp.get("/account/messages")
@signed_in
def settings() -> str:
    return _settings(FrequencyForm(formdata=None, frequency=digest_service.frequency_of(current_user).value))


@bp.post("/account/messages")
@signed_in
def want_digest() -> BaseResponse | tuple[str, int]:
    """Saves how often the person wants a digest, which may be never."""
    form = FrequencyForm()
    if form.validate_on_submit():
        if mail_server() is None and form.chosen is not Frequency.OFF:
            raise WrongState(_("This site sends no e-mail."))
        digest_service.want(current_user, form.chosen)
        db.session.commit()
        flash(_saved_words(form.chosen))
        return redirect(url_for(".settings"), 303)
    return _settings(form), 422


def _saved_words(frequency: Frequency) -> str:
    match frequency:
        case Frequency.DAILY:
            return _("You get an e-mail on days when something is late, due, or new.")
        case Frequency.WEEKLY:
            return _("You get an e-mail once a week, starting Monday.")
        case _:
            return _("You get no e-mail.")


def _settings(form: FrequencyForm) -> str:
    link = feeds_service.link_of(current_user)
    address = feeds_service.address_of(link) if link is not None else None
    server, tests, now = mail_server(), _may_test(), clock.now()
    return render_template(
        "messages/settings.html",
        link=link,
        address=address,
        webcal=feeds_service.subscribing(address) if address else None,
        form=form,
        email=current_user.email,
        server=server,
        tests=tests,
        trial=mail_test.test_mail_of(current_user, now) if tests else None,
        places=opt_outs.choices_of(current_user.id, current_user.email),
        standing=mail_service.last_week(now) if current_user.is_admin and server is not None else None,
    )


# -- the test mail


def _may_test() -> bool:
    """Returns whether the person may test mail: an admin or a coordinator."""
    return current_user.is_admin or coalitions.first_coordinated(current_user.id) is not None


@bp.post("/account/mail-test")
@signed_in
@button
def test_mail() -> BaseResponse:
    """Sends a test mail to the person's own address.

    The response does not wait: a thread connects to the mail server afterwards.
    """
    server = mail_server()
    if not _may_test():
        abort(404)
    answer: BaseResponse = redirect(url_for(".settings", _anchor="messages-test"), 303)
    if server is None:
        raise WrongState(_("This site sends no e-mail."))
    now, app = clock.now(), current_app._get_current_object()  # type: ignore[attr-defined]
    job = mail_test.ask(current_user, now)
    email, hosts = current_user.email, current_user.is_admin
    db.session.commit()
    if wants_fragment():
        answer = _trial_fragment()
    answer.call_on_close(partial(mail_test.begin, app, server, job, now, email, language(), hosts=hosts))
    return answer


@bp.get("/account/mail-test")
@signed_in
def test_result() -> BaseResponse:
    """Shows the result of the test mail so far."""
    if not _may_test():
        abort(404)
    if wants_fragment():
        return _trial_fragment()
    return redirect(url_for(".settings", _anchor="messages-test"), 303)


def _trial_fragment() -> Response:
    context = {
        "trial": mail_test.test_mail_of(current_user, clock.now()),
        "email": current_user.email,
    }
    return fragments(("messages/_mail_test.html", context))


# -- ending the digest or a coalition's letters without signing in


@bp.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Shows the page to unsubscribe. Opening the link changes nothing, because virus scanners open it, too."""
    setting = digest_service.setting_by_token(token)
    return _letters_page(token) if setting is None else _unsubscribe_page(setting, token)


@bp.post("/unsubscribe/<token>")
@public
@csrf.exempt
def end_digest(token: str) -> BaseResponse | str:
    """Ends the digest or a coalition's letters, by the page's button or the mail program's (RFC 8058).

    The mail program's request has no session and no form token; its body identifies it. Another site could at
    most end the mails of a person whose 256-bit link it knows, which anyone with that link may do anyway.
    """
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    if not one_click and not g.get("replaying", False):
        csrf.protect()
    setting = digest_service.setting_by_token(token)
    if one_click or ConfirmForm().validate_on_submit():
        if setting is not None:
            digest_service.end(setting)
        elif request.form.get("again") and not one_click:
            opt_outs.want_again(_opt_out_or_404(token))
        else:
            opt_outs.stop(_opt_out_or_404(token))
        db.session.commit()
    if one_click:
        return make_response("", 200)
    return redirect(url_for(".unsubscribe", token=token), 303)


def _opt_out_or_404(token: str) -> LetterOptOut:
    opt_out = opt_outs.by_token(token)
    if opt_out is None:
        text = _(
            "Part of the link may be missing: open it from the e-mail again. If the account was deleted, no more "
            "e-mail comes."
        )
        abort(problem(404, _("This link does not open anything"), text))
    return opt_out


def _letters_page(token: str) -> str:
    opt_out = _opt_out_or_404(token)
    return render_template(
        "messages/letters/unsubscribe.html",
        coalition=opt_outs.coalition_name(opt_out),
        is_on=opt_out.stopped_at is None,
        token=token,
    )


def _unsubscribe_page(setting: MailSetting, token: str) -> str:
    return render_template(
        "messages/unsubscribe.html",
        is_on=setting.frequency is not Frequency.OFF,
        token=token,
    )


# -- letters of the person's coalitions


@bp.post("/account/letters/<id:place_id>")
@signed_in
@button
def want_letters(place_id: int) -> BaseResponse:
    """Stops the letters of one of the person's coalitions, or allows them again."""
    place = coalitions.place_of(current_user.id, place_id) or abort(404)
    if request.form.get("again"):
        opt_outs.want_again_for(place, current_user.email)
        flash(_("You will get letters from %(coalition)s again.", coalition=place.coalition.name))
    else:
        opt_outs.stop_for(place, current_user.email)
        flash(_("You will get no more letters from %(coalition)s.", coalition=place.coalition.name))
    db.session.commit()
    return redirect(url_for(".settings", _anchor="messages-letters"), 303)
