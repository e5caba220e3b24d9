"""Holds coalitions and the people in them: roles, groups, invitations, settings."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("coalitions", __name__, "")
