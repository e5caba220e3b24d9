"""Serves *E-mail in the demo*, the mail that the demo stored. Only the demo has these pages."""

from flask import Blueprint, Response, abort, current_app, render_template

from engage.operations.sample import mail_catcher
from engage.operations.sample.mail_catcher import CaughtMail
from engage.web.access import signed_in

bp = Blueprint("demo_mail", __name__, url_prefix="/demo/mail")
# The mail may use the styles that it contains. As in a mail program, no script runs and nothing is fetched.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
)


@bp.get("/")
@signed_in
def index() -> str:
    return render_template(
        "operations/sample/mails.html", mails=mail_catcher.mails(current_app.config["DATA"])
    )


@bp.get("/<id:number>")
@signed_in
def mail(number: int) -> str:
    return render_template("operations/sample/mail.html", mail=_mail_or_404(number))


@bp.get("/<id:number>/html")
@signed_in
def html(number: int) -> Response:
    """Shows the mail's HTML as a page of its own, as a mail program would."""
    answer = Response(_mail_or_404(number).html or abort(404), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _mail_or_404(number: int) -> CaughtMail:
    return mail_catcher.mail_of(current_app.config["DATA"], number) or abort(404)
