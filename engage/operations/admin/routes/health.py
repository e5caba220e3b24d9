"""Serves the health page of the installation for its admins."""

from flask import render_template

from engage import clock
from engage.i18n import format_decimal
from engage.i18n import gettext as _
from engage.operations import bp
from engage.operations.admin.health import health_of
from engage.web.access import admin


@bp.get("/health")
@admin
def health() -> str:
    return render_template(
        "operations/admin/health.html", health=health_of(clock.now()), size_words=size_words
    )


def size_words(size: int) -> str:
    """Returns bytes in a suitable unit: "3.4 MB"."""
    if size >= 1_000_000_000:
        return _("%(number)s GB", number=format_decimal(round(size / 1_000_000_000, 1)))
    return _("%(number)s MB", number=format_decimal(round(size / 1_000_000, 1)))
