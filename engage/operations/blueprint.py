"""Defines the blueprint of the administration."""

from flask import Blueprint

bp = Blueprint("operations", __name__, url_prefix="/admin")
