"""Words the headings of the results."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from engage.search.rules import Kind

KIND_WORDS: dict[Kind, LazyString] = {
    Kind.PEOPLE: _l("People"),
    Kind.ORGANIZATIONS: _l("Organizations"),
    Kind.SERVICES: _l("Services"),
    Kind.AGREEMENTS: _l("Agreements"),
    Kind.MEETINGS: _l("Meetings and minutes"),
    Kind.ANNOUNCEMENTS: _l("Announcements"),
    Kind.DECISIONS: _l("Decisions"),
    Kind.GOALS: _l("Goals and objectives"),
    Kind.ACTIONS: _l("Actions"),
    Kind.ACTIVITIES: _l("Events and activities"),
    Kind.NEEDS: _l("Needs"),
    Kind.STRENGTHS: _l("Strengths"),
    Kind.NOTES: _l("Notes"),
    Kind.DOCUMENTS: _l("Documents"),
    Kind.TIPS: _l("Tips for Success"),
    Kind.LEARN: _l("Learn"),
}
