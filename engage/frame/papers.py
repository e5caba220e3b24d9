"""Knows what is made to be printed or handed on: it is in the language that its link asks for, whoever prints it."""

from flask import Flask, g, request

_PDF = "_pdf"
PAPERS = frozenset(
    {
        "assessment.door_slips",
        "assessment.paper",
        "assessment.poster",
        "coalitions.sheet",
        "meetings.agenda",
        "meetings.read_minutes",
        "meetings.sign_in_sheet",
        "messages.slips",
        "plan.feedback_poster",
        "plan.signup_poster",
        "plan.signup_sheet",
        "reports.assessment_page",
        "reports.card",
        "reports.charter",
        "reports.full_plan",
        "reports.funder",
        "reports.guide",
        "reports.handover",
        "reports.one_page",
        "reports.partners",
        "strengths.slips",
    }
)


def init_app(app: Flask) -> None:
    """Notes it before anything asks for the language."""

    @app.before_request
    def note() -> None:
        if request.endpoint in PAPERS or str(request.endpoint).endswith(_PDF):
            g.on_paper = True
