"""Leads on after something was added: to the new page, or to the same form for the next one."""

from flask import redirect, request
from werkzeug.wrappers import Response

AGAIN = "again"


def onward(address: str) -> Response:
    """Redirects to what was added, or back to its form if *Save and add another* was pressed."""
    return redirect(request.full_path.rstrip("?") if AGAIN in request.form else address, 303)
