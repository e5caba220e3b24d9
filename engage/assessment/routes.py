"""Every address of the assessment: importing a room's routes adds them to the blueprint."""

import engage.assessment.agreed_values.routes
import engage.assessment.answering.routes
import engage.assessment.comparison.routes
import engage.assessment.doors.routes
import engage.assessment.efforts.own.routes
import engage.assessment.efforts.routes
import engage.assessment.paper.routes
import engage.assessment.respondents.routes
import engage.assessment.results.routes
import engage.assessment.rounds.routes
import engage.assessment.sets.questions.routes
import engage.assessment.sets.routes
import engage.assessment.trash.service
from engage.assessment.blueprint import bp

__all__ = ["bp", "engage"]
