"""Checks that the application works with a database, by requesting the main pages as coordinators."""

import sqlalchemy as sa
from flask import Flask, url_for

from engage.accounts import service
from engage.accounts.models import User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.config import Config
from engage.extensions import db
from engage.operations.backup import installations
from engage.operations.refused import Refused

# The most coalitions whose pages are requested.
MOST_COALITIONS = 3
_OUTSIDE = ("pages.healthz", "accounts.sign_in", "pages.help")
_INSIDE = (
    "home.index",
    "onboarding.index",
    "checklist.index",
    "assessment.index",
    "strengths.index",
    "partners.index",
    "meetings.index",
    "plan.index",
    "reports.index",
    "coalitions.people",
)


def ask(config: Config) -> int:
    """Returns how many pages were requested successfully.

    It signs people in, so use it only on a copy that is thrown away. Raises Refused with the first page that
    fails.
    """
    with installations.application(config) as app:
        with app.test_request_context(base_url=config.URL):
            asked: list[tuple[str | None, list[str]]] = [(None, [url_for(page) for page in _OUTSIDE])]
        for user, slug in _coordinators():
            token = service.start_session(user)
            db.session.commit()
            with app.test_request_context(base_url=config.URL):
                asked.append((token, [url_for(page, slug=slug) for page in _INSIDE]))
    # There must be no open application context: every request would share it, and the first one's person.
    try:
        return sum(_answers(app, paths, token) for token, paths in asked)
    finally:
        with app.app_context():
            db.engine.dispose()


def _coordinators() -> list[tuple[User, str]]:
    """Returns one coordinator of each of the first coalitions."""
    wanted = (
        sa.select(User, Coalition.slug)
        .join(Membership, Membership.user_id == User.id)
        .join(Coalition, Coalition.id == Membership.coalition_id)
        .where(Membership.role == Role.COORDINATOR, Membership.approved_at.is_not(None))
        .where(Membership.disabled_at.is_(None), Membership.left_on.is_(None), User.disabled_at.is_(None))
        .order_by(Coalition.id, Membership.id)
    )
    first: dict[str, User] = {}
    for user, slug in db.session.execute(wanted):
        first.setdefault(slug, user)
    return [(user, slug) for slug, user in list(first.items())[:MOST_COALITIONS]]


def _answers(app: Flask, paths: list[str], token: str | None) -> int:
    app.testing = False  # a request that raises an error counts as failed
    client = app.test_client()
    if token is not None:
        with client.session_transaction(base_url=app.config["URL"]) as session:
            session["_user_id"], session["_fresh"] = token, True
    for path in paths:
        answer = client.get(path, base_url=app.config["URL"])
        to_sign_in = answer.headers.get("Location", "").startswith("/sign-in")
        if answer.status_code >= 400 or to_sign_in:
            raise Refused(f"The page {path} answers {answer.status_code}.")
    return len(paths)
