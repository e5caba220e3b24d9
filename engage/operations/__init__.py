"""Runs an installation: the server, backups, administration, daily work, and the sample coalition."""

from flask import Blueprint

bp = Blueprint("operations", __name__, url_prefix="/admin")
