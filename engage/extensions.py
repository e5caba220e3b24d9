"""Makes the extensions once; `create_app` binds them. It imports no feature."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from flask import Flask, Request, Response, current_app, g, has_app_context, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_compress import Compress
from flask_login import LoginManager, current_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from itsdangerous import BadSignature
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy import event

from engage import languages, narrative_detector
from engage.addresses import is_web_address
from engage.config import MailServer
from engage.database import Base, install_engine_hooks
from engage.i18n import TEXTS, Babel, force_locale, refresh
from engage.languages import ENGLISH
from engage.web import framing

# What a view loaded stays readable after its commit, without being loaded again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
csrf = CSRFProtect()
login_manager = LoginManager()
babel = Babel()
babel.domain_instance = TEXTS  # for what templates ask of Flask-Babel: plurals
compress = Compress()
htmx = Htmx()


@pass_eval_context
def _text(context: EvalContext, text: str, **values: object) -> str:
    """Returns a template's text in the request's language, as Jinja's own `_` does in three times as long.

    A page has up to two hundred of them.
    """
    found: str = TEXTS.get_translations().gettext(text)
    if not context.autoescape:
        return found % values
    # The texts are ours, and Markup escapes the values.
    return Markup(found) % values if values else Markup(found % values)  # noqa: S704


def language() -> str:
    """Returns the language of the request, by its folder's name, determined once because each text asks.

    The command line and the tests of services use English.
    """
    if not has_app_context():
        return ENGLISH
    here = g._get_current_object()  # using the proxy each time would be as slow as finding a text
    if "language" not in here:
        here.language = _asked_for() if has_request_context() else ENGLISH
    return str(here.language)


def is_looked_through() -> bool:
    """Returns whether texts in the page's language are checked for stories; if not, the page says so."""
    return language() in narrative_detector.LANGUAGES


def locale_name() -> str:
    """Returns the locale in which the request's dates, numbers and lists are written."""
    return languages.locale_of(language())


def _asked_for() -> str:
    """Returns the language of the account, else that of the link or this browser, else the coalition's.

    For a printed page the link comes first.
    """
    offered, known = languages.offered(), languages.known
    if len(offered) == 1:
        return ENGLISH
    return (
        g.get("on_paper")
        or known(_accounts_choice())
        or known(request.args.get(languages.ASKED))
        or known(request.cookies.get(languages.COOKIE))
        or request.accept_languages.best_match(offered)
        or known(g.get("coalition_language"))
        or ENGLISH
    )


def _accounts_choice() -> str:
    """Returns the language of the account if the request has loaded it.

    It never queries, because it also runs after a failure.
    """
    account = g.get("account")
    return str(vars(account).get("language", "")) if account is not None else ""


class HasLocale(Protocol):
    """A coalition, or another object that has a coalition's time zone and language."""

    @property
    def time_zone(self) -> str: ...
    @property
    def language(self) -> str: ...


def stand_at(place: HasLocale) -> None:
    """Shows times in the coalition's time zone, and texts in its language to people who chose none."""
    g.time_zone, g.coalition_language = place.time_zone, place.language
    if g.pop("language", None) is not None:  # a text was already translated into another language
        g.pop("translations", None)
        refresh()


@contextmanager
def in_language(wanted: str) -> Iterator[None]:
    """Uses this language for texts, content, dates and numbers inside the `with` block."""
    before = {name: g.pop(name) for name in ("language", "translations") if name in g}
    g.language = wanted
    try:
        with force_locale(languages.locale_of(wanted)):
            yield
    finally:
        for name in ("language", "translations"):
            g.pop(name, None)
            if name in before:
                setattr(g, name, before[name])


def _time_zone() -> str:
    return str(g.get("time_zone", "UTC"))


def _note_commit(_session: object) -> None:
    """Makes the rest of the request read-only after the view's one commit, so that it holds no write lock."""
    if has_request_context():
        g.committed = True


def read_from_here() -> None:
    """Makes the rest of the request or command read-only, so that slow work holds no lock."""
    db.session.rollback()
    g.committed = True


def write_from_here() -> None:
    """Allows writing after `read_from_here`.

    The caller must read again after it gets the lock, since rows may have changed.
    """
    db.session.rollback()
    g.committed = False


def write_in_get() -> None:
    """Allows this GET to write: only for coming back from a provider, which by its protocol is a GET.

    The caller has checked that this browser itself asked for it a moment ago.
    """
    g.writes_in_get = True
    write_from_here()


def answer_as_to_anybody() -> None:
    """Answers this request without checking who sent it: no account is loaded and no session is changed."""
    g.as_to_anybody = True


def reader() -> Any:
    """Returns the account for which the page is shown; after `answer_as_to_anybody`, an anonymous one."""
    return login_manager.anonymous_user() if "as_to_anybody" in g else current_user


def prepare_migrations(app: Flask) -> None:
    """Prepares migrations.

    Only migrations load Alembic, which takes 11 MB and a fifth of a server's start.
    """
    from flask_migrate import Migrate

    Migrate(directory=str(app.config["FILES"] / "migrations"), render_as_batch=True).init_app(app, db)


class Cookies(SecureCookieSessionInterface):
    """Flask's cookies without the age, since a server clock that steps back by a second would sign everyone out."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if serializer is None:
            return None
        try:
            return self.session_class(serializer.loads(value) if value else None)
        except BadSignature:
            return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Sets the cookie, but never for what stands in a frame of another site."""
        if not request.path.startswith(framing.PREFIX):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Binds every extension; the database's engine gets its hooks before its first connection."""
    app.session_interface = Cookies()
    db.init_app(app)
    csrf.init_app(app)
    # Templates get the account from the page's layout; Flask-Login's context processor would load it for each
    # template.
    login_manager.init_app(app, add_context_processor=False)
    if "flask_migrate" in sys.modules:
        prepare_migrations(app)
    babel.init_app(app, locale_selector=locale_name, timezone_selector=_time_zone)
    app.jinja_env.globals["_"] = _text
    app.jinja_env.globals["is_looked_through"] = is_looked_through
    # Forms accept only web addresses, but a row may have been written otherwise, and a link must never run a
    # script.
    app.jinja_env.tests["web_address"] = is_web_address
    compress.init_app(app)
    htmx.init_app(app)
    event.listen(db.session, "after_commit", _note_commit)
    with app.app_context():
        install_engine_hooks(db.engine)


def mail_server() -> MailServer | None:
    """Returns the mail server of this installation; None if it sends no mail."""
    found: MailServer | None = current_app.config["MAIL"]
    return found
