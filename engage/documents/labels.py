"""Holds the labels of the kinds, readers and link states of documents."""

from engage.documents.rules import DocumentKind, LinkState, Readers, TargetKind
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext

KIND_LABELS = {
    DocumentKind.CHARTER: _l("Charter or bylaws"),
    DocumentKind.MOU: _l("MOU"),
    DocumentKind.CONFIDENTIALITY: _l("Confidentiality"),
    DocumentKind.MINUTES: lazy_pgettext("of a meeting", "Minutes"),
    DocumentKind.FLYER: _l("Flyer"),
    DocumentKind.PROTOCOL: _l("Protocol"),
    DocumentKind.CURRICULUM: _l("Curriculum"),
    DocumentKind.OTHER: _l("Other"),
}
READERS_LABELS = {
    Readers.EVERYONE: _l("Everyone, viewers too"),
    Readers.MEMBERS: _l("Members"),
    Readers.GROUP: _l("Only its group"),
    Readers.COORDINATORS: _l("Only coordinators"),
}
STATE_LABELS = {
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
THING_LABELS = {
    TargetKind.AGREEMENT: _l("Agreement"),
    TargetKind.ORGANIZATION: _l("Organization"),
    TargetKind.MEETING: _l("Meeting"),
    TargetKind.ITEM: _l("Proof for a tip"),
    TargetKind.ACTION: _l("Action"),
}
