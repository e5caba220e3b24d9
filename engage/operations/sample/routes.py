"""Serves *E-mail in the demo*: mails that would have been sent. Only the demo has these pages."""

from flask import Blueprint, Response, abort, current_app, render_template

from engage.frame.access import signed_in
from engage.operations.sample import postbox
from engage.operations.sample.postbox import Mail

bp = Blueprint("demo_mail", __name__, url_prefix="/demo/mail")
# A mail brings its few styles along. As in a mail program, no script runs and nothing is fetched.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
)


@bp.get("/")
@signed_in
def index() -> str:
    return render_template("operations/sample/mails.html", mails=postbox.mails(current_app.config["DATA"]))


@bp.get("/<id:number>")
@signed_in
def mail(number: int) -> str:
    return render_template("operations/sample/mail.html", mail=_mail_or_404(number))


@bp.get("/<id:number>/html")
@signed_in
def html(number: int) -> Response:
    """Shows the mail as a mail program does, apart from our own pages."""
    answer = Response(_mail_or_404(number).html or abort(404), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _mail_or_404(number: int) -> Mail:
    return postbox.mail_of(current_app.config["DATA"], number) or abort(404)
