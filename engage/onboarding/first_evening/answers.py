"""Says after each step of the first evening how many are done, with a link to the next one."""

from flask import Flask, Response, g, render_template, request, url_for

from engage.coalitions.trash import notice
from engage.extensions import db, write_from_here
from engage.i18n import gettext as _
from engage.onboarding.first_evening import queries, service
from engage.onboarding.first_evening.pages import evening_of, said_next
from engage.onboarding.first_evening.rules import Facts
from engage.web.access import is_evening_step
from engage.web.htmx import wants_fragment


def _count_before() -> None:
    """Counts the steps before a view that can complete one, if Home shows this person the first evening."""
    if request.method != "POST" or "membership" not in g or not is_evening_step(str(request.endpoint)):
        return
    facts = queries.facts_under_way(g.membership)
    if facts is None:
        return
    if facts.next is not None:
        g.evening_before = facts
    else:  # someone who joined, or a mail that went out, completed the last step
        service.note_past(g.membership)


def _say_next(response: Response) -> Response:
    before: Facts | None = g.pop("evening_before", None)
    if before is None or response.status_code >= 400:
        return response
    facts = queries.facts_of(g.membership)
    if facts.done <= before.done:
        return response
    evening = evening_of(g.membership, facts, leads=True)
    said, card = said_next(evening), evening.next
    label, url = (card.label, card.url) if card is not None else (_("Go to Home"), url_for("home.index"))
    if wants_fragment() and response.status_code == 200:
        piece = render_template("_lead.html", text=said, label=label, url=url)
        response.set_data(response.get_data() + piece.encode())
    else:
        notice.lead(said, label, url)
    if facts.next is None:
        write_from_here()
        service.note_past(g.membership)
        db.session.commit()
    return response


def init_app(app: Flask) -> None:
    app.before_request(_count_before)
    app.after_request(_say_next)
