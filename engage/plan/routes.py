"""Imports the routes of every package of this feature, which adds their addresses to the blueprint."""

import engage.plan.actions.routes
import engage.plan.activities.routes
import engage.plan.bulk.routes
import engage.plan.changes.routes
import engage.plan.copying.goal.routes
import engage.plan.copying.next_plan.routes
import engage.plan.exports.routes
import engage.plan.feedback.routes
import engage.plan.goals.routes
import engage.plan.imports.routes
import engage.plan.inactive_actions.routes
import engage.plan.measures.routes
import engage.plan.overview.routes.board
import engage.plan.overview.routes.page
import engage.plan.overview.routes.rows
import engage.plan.plans.routes
import engage.plan.review.routes
import engage.plan.signups.routes
import engage.plan.undo.routes.trash
import engage.plan.undo.routes.undo
from engage.plan import bp

__all__ = ["bp", "engage"]
