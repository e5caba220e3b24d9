"""Holds people's accounts: signing in and out, sessions, passwords, and a person's own profile."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
