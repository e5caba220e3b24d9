"""Redirects bookmarks and links in old mails to a page's current address."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("old_addresses", __name__, "")

# Each address of an earlier version below /c/<slug>/, with the page that replaced it and reads the same query
# parameters. If a parameter was renamed, the feature itself redirects.
PAGES = {
    "/assessment/talk/": "assessment.discussion",
    "/partners/seats/": "partners.recruitments",
    "/partners/seats/new": "partners.new_recruitment",
    "/partners/seats/<id:recruitment_id>/": "partners.recruitment",
    "/partners/seats/<id:recruitment_id>/edit": "partners.edit_recruitment",
    "/reports/counts": "reports.funder",
    "/reports/counts.pdf": "reports.funder_pdf",
    "/reports/counts.xlsx": "reports.funder_xlsx",
    "/settings/kept": "coalitions.data",
    "/settings/second-factor": "coalitions.access",
    "/start/areas/": "toolkit.areas",
    "/start/areas/<key>": "toolkit.area",
    "/strengths/matches/<id:match_id>/untie": "strengths.confirm_unmatch",
    "/trash": "coalitions.trash",
    "/trash/<id:copy_id>/delete": "coalitions.delete_for_good",
    "/trash/<id:copy_id>/restore": "coalitions.restore",
}


@allows(Permission.SEE)
def lead_on(**values: Any) -> Response:
    """Redirects every old address. The target page decides who may open it, or answers 404 if it is gone."""
    page = PAGES[str(request.url_rule).removeprefix("/c/<slug>")]
    question = request.query_string.decode()
    return redirect(url_for(page, **values) + (f"?{question}" if question else ""), 303)


for address in PAGES:
    bp.add_url_rule(address, view_func=lead_on)
