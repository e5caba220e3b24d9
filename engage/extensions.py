"""The extensions, made once and bound to the application by its factory. Imports no feature."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import event

from engage.database import Base, install_engine_hooks

# What a view loaded stays readable after its commit, without being read again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
csrf = CSRFProtect()
login_manager = LoginManager()
migrate = Migrate()
babel = Babel()
compress = Compress()
htmx = Htmx()

LANGUAGES = ("en",)


def _language() -> str:
    if not has_request_context():  # the command line and the tests of services
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _time_zone() -> str:
    return str(g.get("time_zone", "UTC"))


def _note_commit(_session: object) -> None:
    """After a view's one commit the rest of the request only reads, without holding the write lock."""
    if has_request_context():
        g.committed = True


def init_app(app: Flask) -> None:
    """Bind every extension; the database's engine gets its hooks before its first connection."""
    db.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["ROOT"] / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=_language, timezone_selector=_time_zone)
    compress.init_app(app)
    htmx.init_app(app)
    event.listen(db.session, "after_commit", _note_commit)
    with app.app_context():
        install_engine_hooks(db.engine)
