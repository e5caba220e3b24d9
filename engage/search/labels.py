"""Names the kinds of results."""

from engage.i18n import LazyString
from engage.i18n import lazy_gettext as _l
from engage.search.rules import SearchKind

KIND_LABELS: dict[SearchKind, LazyString] = {
    SearchKind.PEOPLE: _l("People"),
    SearchKind.ORGANIZATIONS: _l("Organizations"),
    SearchKind.SERVICES: _l("Services"),
    SearchKind.AGREEMENTS: _l("Agreements"),
    SearchKind.MEETINGS: _l("Meetings and minutes"),
    SearchKind.ANNOUNCEMENTS: _l("Announcements"),
    SearchKind.DECISIONS: _l("Decisions"),
    SearchKind.GOALS: _l("Plans and goals"),
    SearchKind.ACTIONS: _l("Actions"),
    SearchKind.ACTIVITIES: _l("Events and activities"),
    SearchKind.NEEDS: _l("Needs"),
    SearchKind.STRENGTHS: _l("Strengths"),
    SearchKind.NOTES: _l("Notes"),
    SearchKind.DOCUMENTS: _l("Documents"),
    SearchKind.TIPS: _l("Tips for Success"),
    SearchKind.LEARN: _l("Learn"),
}
