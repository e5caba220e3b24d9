"""Serves the pages outside any coalition: the front page, help lines, the sources, a health check."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from engage import languages
from engage.accounts import queries as accounts
from engage.coalitions import queries as coalitions
from engage.coalitions.help_lines import queries as help_line_queries
from engage.content import loader
from engage.extensions import answer_as_to_anybody, db
from engage.frame.layout import help_line
from engage.web.access import public

bp = Blueprint("pages", __name__)
_OPENS_SECONDS = 0.3
# As --page and --teal in static/css/web/tokens.css.
_PAGE, _TEAL = "#faf9f5", "#0f5c63"


@bp.get("/")
@public
def index() -> str | BaseResponse:
    """Redirects a new installation to /setup and a signed-in person to Home; shows others what Engage is."""
    if current_user.is_authenticated:
        memberships = coalitions.memberships_of(current_user.id)
        if len(memberships) == 1:
            return redirect(url_for("home.index", slug=memberships[0].coalition.slug), 303)
        if current_user.is_admin and not coalitions.places_of(current_user.id):
            # An admin of the installation may belong to none of its coalitions.
            view = "operations.coalitions" if coalitions.any_coalition() else "setup.coalition"
            return redirect(url_for(view), 303)
        return redirect(url_for("accounts.profile"), 303)
    if not accounts.any_user():
        return redirect(url_for("setup.index"), 303)
    return render_template("pages/welcome.html")


@bp.get("/help")
@public
def help() -> str:
    """Shows whom to call; a signed-in person also sees their coalitions' local help lines."""
    places = coalitions.memberships_of(current_user.id) if current_user.is_authenticated else []
    more = help_line_queries.lines_of({row.coalition_id for row in places})
    lines = [(row.coalition, line) for row in places if (line := help_line(row.coalition)) is not None]
    return render_template(
        "pages/help.html", local_lines=lines, more_lines=more, places=[row.coalition for row in places]
    )


@bp.get("/about")
@public
def about() -> str:
    """Shows the sources of the content, and that Engage speaks for no official body."""
    content = loader.content()
    others = [
        (languages.own_name(each), each, each in languages.REVIEWED)
        for each in languages.offered()
        if each != languages.ENGLISH
    ]
    return render_template("pages/about.html", content=content, others=others)


@bp.get("/app.webmanifest")
@public
def manifest() -> Response:
    """Tells a phone how Engage looks on its home screen: by name and icon, without a word on what it is for."""
    answer_as_to_anybody()
    icon = current_app.jinja_env.globals["static_url"]("icon.png")  # type: ignore[operator]
    answer = jsonify(
        id="/",
        start_url="/",
        scope="/",
        name="Engage",
        short_name="Engage",
        display="standalone",
        background_color=_PAGE,
        theme_color=_TEAL,
        icons=[{"src": icon, "sizes": "512x512", "type": "image/png", "purpose": "any maskable"}],
    )
    answer.mimetype = "application/manifest+json"
    answer.cache_control.public, answer.cache_control.max_age = True, 3600
    return answer


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Answers ok and nothing else; 503 if the database does not answer. It loads no account and sets no cookie.

    It waits for no lock, so that whoever asks learns within a second whether the site is there.
    """
    answer_as_to_anybody()
    try:
        if db.engine.dialect.name == "sqlite":
            _open_file(str(db.engine.url.database))
        else:
            db.session.execute(sa.text("SELECT 1"))  # of no table, since each could be locked
    except (SQLAlchemyError, sqlite3.Error):
        db.session.rollback()
        return Response("the database does not answer", 503, mimetype="text/plain")
    return Response("ok", mimetype="text/plain")


def _open_file(file: str) -> None:
    """Opens SQLite's file and reads from it. Our own connections would wait five seconds for its lock."""
    where = f"{Path(file).as_uri()}?mode=ro"
    with closing(sqlite3.connect(where, uri=True, timeout=_OPENS_SECONDS)) as connection:
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
