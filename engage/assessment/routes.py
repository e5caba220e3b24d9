"""Registers every route of the assessment: importing a package's routes adds them to the blueprint."""

import engage.assessment.agreed_values.routes
import engage.assessment.answering.routes
import engage.assessment.channels.routes
import engage.assessment.efforts.own.routes
import engage.assessment.efforts.routes
import engage.assessment.imports.routes
import engage.assessment.offline.routes
import engage.assessment.paper.routes
import engage.assessment.respondents.routes
import engage.assessment.rounds.routes
import engage.assessment.sets.questions.routes
import engage.assessment.sets.routes
import engage.assessment.trash
from engage.assessment import bp

__all__ = ["bp", "engage"]
