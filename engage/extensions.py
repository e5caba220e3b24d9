"""Makes the extensions once; the application's factory binds them. It imports no feature."""

import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context, request
from flask.templating import Environment
from flask_babel import Babel, Domain, force_locale, refresh
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy import event

from engage import languages
from engage.addresses import is_web_address
from engage.database import Base, install_engine_hooks
from engage.languages import ENGLISH
from engage.web.cookies import Cookies


class _Texts(Domain):
    """A cache of a request's translations.

    A page asks for hundreds of texts, and finding them takes longer than translating one.
    """

    @property
    def translation_directories(self) -> list[str]:
        return [str(languages.TEXTS)]

    def get_translations(self) -> NullTranslations:
        if not has_app_context():
            return NullTranslations()
        here = g._get_current_object()  # a look through the proxy would cost as much as finding the text
        if "translations" not in here:
            here.translations = super().get_translations()
        return here.translations


class _Templates(Environment):
    """A Jinja environment whose templates share its own globals.

    Jinja would walk its chain of two mappings key by key at every include and import, a hundred times a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class _Babel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        return _Texts(domain=self.domain)


# What a view loaded stays readable after its commit, without being read again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
csrf = CSRFProtect()
login_manager = LoginManager()
babel = _Babel()
compress = Compress()
htmx = Htmx()

# This many texts of a language are cached in the form that a page shows; all templates together have fewer.
_MOST_TEXTS = 10_000


def language() -> str:
    """Returns the language of the request, as its folder is named; it is found once, because each text asks for it.

    The command line and the tests of services speak English.
    """
    if not has_app_context():
        return ENGLISH
    here = g._get_current_object()  # a look through the proxy would cost as much as a text
    if "language" not in here:
        here.language = _asked_for() if has_request_context() else ENGLISH
    return str(here.language)


def locale_name() -> str:
    """Returns the locale in which the request's dates, numbers and lists are written."""
    return languages.locale_of(language())


def _asked_for() -> str:
    """Returns the language from the account, else from the link or this browser, else from the coalition.

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
    """Returns the language of the account if the request has loaded it; never queries, even after a failure."""
    account = g.get("_login_user")
    return str(vars(account).get("language", "")) if account is not None else ""


class Place(Protocol):
    """A coalition, or another object that has a coalition's time zone and language."""

    @property
    def time_zone(self) -> str: ...
    @property
    def language(self) -> str: ...


def stand_at(place: Place) -> None:
    """Shows times in the coalition's time zone, and texts in its language to people who chose no other."""
    g.time_zone, g.coalition_language = place.time_zone, place.language
    if g.pop("language", None) is not None:  # a text was already looked up in another language
        g.pop("translations", None)
        refresh()


@contextmanager
def in_language(wanted: str) -> Iterator[None]:
    """Uses this language inside the `with` block for texts, content, dates and numbers."""
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


@pass_context
def _text(context: Context, text: str, /, **variables: object) -> str:
    """Translates like Jinja's gettext, without its two detours per call.

    It escapes the variables, but not our own text.
    """
    translations = babel.domain_instance.get_translations()
    if variables or not context.eval_ctx.autoescape:
        translated = translations.gettext(text)
        if context.eval_ctx.autoescape:
            translated = Markup(translated)  # noqa: S704 - from the catalog or a template
        return translated % variables if variables or "%" in translated else translated
    # A template's own text is the same on every page, so it is made once for each language.
    known: dict[str, str] = translations.__dict__.setdefault("engage_texts", {})
    if text not in known:
        if len(known) > _MOST_TEXTS:
            known.clear()
        plain = Markup(translations.gettext(text))  # noqa: S704 - from the catalog or a template
        known[text] = plain % {} if "%" in plain else plain
    return known[text]


def _time_zone() -> str:
    return str(g.get("time_zone", "UTC"))


def _note_commit(_session: object) -> None:
    """Makes the rest of the request read-only after the view's one commit, so that it holds no write lock."""
    if has_request_context():
        g.committed = True


def read_from_here() -> None:
    """Makes the rest of the request or command read-only, so that slow work holds no lock that others wait for."""
    db.session.rollback()
    g.committed = True


def write_from_here() -> None:
    """Allows writing after `read_from_here`. The caller must read again under the lock, since rows may have changed."""
    db.session.rollback()
    g.committed = False


def answer_as_to_anybody() -> None:
    """Answers this request without asking who sent it: no account is loaded and no session is touched."""
    g._login_user = login_manager.anonymous_user()


def prepare_migrations(app: Flask) -> None:
    """Prepares migrations. Only migrations load Alembic, which takes 11 MB and a fifth of a server's start."""
    from flask_migrate import Migrate

    Migrate(directory=str(app.config["FILES"] / "migrations"), render_as_batch=True).init_app(app, db)


def init_app(app: Flask) -> None:
    """Binds every extension; the database's engine gets its hooks before its first connection."""
    app.jinja_environment = _Templates
    app.session_interface = Cookies()
    db.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    if "flask_migrate" in sys.modules:
        prepare_migrations(app)
    babel.init_app(app, locale_selector=locale_name, timezone_selector=_time_zone)
    app.jinja_env.globals.update(gettext=_text, _=_text)
    # Forms accept only web addresses, but a row may have come another way, and a link must never run a script.
    app.jinja_env.tests["web_address"] = is_web_address
    compress.init_app(app)
    htmx.init_app(app)
    event.listen(db.session, "after_commit", _note_commit)
    with app.app_context():
        install_engine_hooks(db.engine)
