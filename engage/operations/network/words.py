"""Puts the counts of the network into words."""

from flask_babel import lazy_gettext as _l

from engage.operations.network.rules import CountKind

COUNT_WORDS = {
    CountKind.MEMBERS: _l("Members"),
    CountKind.SECTORS: _l("Expected sectors with someone active"),
    CountKind.ROUND_OPEN: _l("Coalitions with an open assessment round"),
    CountKind.ACTIONS_DONE: _l("Actions done"),
}
