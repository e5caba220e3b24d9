"""The assessment's blueprint with the views of every module put on it."""

from engage.assessment import (
    agreement_routes,
    answering_routes,
    compare_routes,
    effort_routes,
    naming_routes,
    paper_routes,
    question_routes,
    release_routes,
    respondent_routes,
    results_routes,
)
from engage.assessment.routes import bp

__all__ = [
    "agreement_routes",
    "answering_routes",
    "bp",
    "compare_routes",
    "effort_routes",
    "naming_routes",
    "paper_routes",
    "question_routes",
    "release_routes",
    "respondent_routes",
    "results_routes",
]
