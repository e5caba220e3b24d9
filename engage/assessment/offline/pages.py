"""Builds the page that a phone keeps, which names neither the coalition nor the round nor the respondent."""

from flask import render_template, url_for

from engage.assessment.channels import queries as channels_queries
from engage.assessment.offline import queries
from engage.assessment.offline.forms import kept_form
from engage.assessment.offline.queries import KeptResponse
from engage.assessment.questions import QuestionSet

# The worker may ask our own server, and nothing else.
WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"


def kept_page(kept: KeptResponse, questions: QuestionSet) -> str:
    areas = [
        (area, [(each, kept_form(each, questions)) for each in area.questions]) for area in questions.areas
    ]
    return render_template("assessment/offline/kept.html", areas=areas, is_guest=kept.membership is None)


def nothing_page() -> str:
    """Says, to a browser without the questions, what this address is for."""
    return render_template("assessment/offline/nothing.html")


def address_of(kept: KeptResponse) -> str:
    """Returns where the respondent continues with a network; "" for a guest whose link was turned off or replaced."""
    if kept.membership is not None:
        return url_for("assessment.show_round", slug=kept.coalition.slug, round_id=kept.round.id)
    channel = channels_queries.channel_of(kept.round, queries.channel_kind(kept.response))
    token = channel and channels_queries.token_of(channel)
    return url_for("answer.show_round", token=token) if token else ""
