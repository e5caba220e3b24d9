"""Names the kinds, readers and link states of documents on screen."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from engage.documents.rules import DocumentKind, LinkState, Readers, Thing

KIND_WORDS = {
    DocumentKind.CHARTER: _l("Charter or bylaws"),
    DocumentKind.MOU: _l("MOU"),
    DocumentKind.CONFIDENTIALITY: _l("Confidentiality"),
    DocumentKind.MINUTES: lazy_pgettext("of a meeting", "Minutes"),
    DocumentKind.FLYER: _l("Flyer"),
    DocumentKind.PROTOCOL: _l("Protocol"),
    DocumentKind.CURRICULUM: _l("Curriculum"),
    DocumentKind.OTHER: _l("Other"),
}
READERS_WORDS = {
    Readers.EVERYONE: _l("Everyone, viewers too"),
    Readers.MEMBERS: _l("Members"),
    Readers.GROUP: _l("Only its group"),
    Readers.COORDINATORS: _l("Only coordinators"),
}
STATE_WORDS = {
    LinkState.WORKS: _l("Works"),
    LinkState.NOT_FOUND: _l("Not found"),
    LinkState.NO_ANSWER: _l("No answer"),
    LinkState.UNKNOWN: _l("Could not tell"),
}
STATE_TAGS = {
    LinkState.WORKS: "done",
    LinkState.NOT_FOUND: "stuck",
    LinkState.NO_ANSWER: "stuck",
    LinkState.UNKNOWN: "notstarted",
}
THING_WORDS = {
    Thing.AGREEMENT: _l("Agreement"),
    Thing.ORGANIZATION: _l("Organization"),
    Thing.MEETING: _l("Meeting"),
    Thing.ITEM: _l("Proof for a tip"),
    Thing.ACTION: _l("Action"),
}
