"""Leads bookmarks and old mails to where a page is now."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.frame.access import allows
from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("old_addresses", __name__, "")

# Each address of an earlier version, below /c/<slug>/, and the page that stands for it, which reads what it asked for.
# Where that has other names now, as on the plan's page of changes, the feature itself leads on.
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
    """Answers for every old address. The page that it leads to decides who gets in, and what is there no more."""
    page = PAGES[str(request.url_rule).removeprefix("/c/<slug>")]
    question = request.query_string.decode()
    return redirect(url_for(page, **values) + (f"?{question}" if question else ""), 303)


for address in PAGES:
    bp.add_url_rule(address, view_func=lead_on)
