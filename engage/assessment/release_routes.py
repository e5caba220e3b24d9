"""Earlier releases of a round that was opened again: what they showed can still be read."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.assessment import released, tables
from engage.assessment.results import Results
from engage.assessment.routes import bp, round_or_404
from engage.coalitions.permissions import Permission
from engage.content.loader import content
from engage.frame.access import allows

__all__ = ["bp"]


@bp.get("/rounds/<id:round_id>/releases/<id:number>")
@allows(Permission.SEE)
def earlier_release(round_id: int, number: int) -> str | Response:
    """The areas of an earlier release, by the medians of then; the newest is the round's results."""
    round_ = round_or_404(round_id)
    stored = released.release_numbered(round_, number) or abort(404)
    releases = released.releases_of(round_)
    if stored.number == releases.rows[0].number:
        return redirect(url_for(".results", round_id=round_id), 303)
    shown = Results.of(round_, stored, {}, content())
    return render_template(
        "assessment/release.html",
        results=shown,
        stored=stored,
        replaced_at=next(row.made_at for row in releases.rows if row.number == number + 1),
        table=tables.areas(shown, None) if shown.is_shown else None,
    )
