"""Holds the labels of the network's counts."""

from engage.i18n import lazy_gettext as _l
from engage.operations.network.rules import CountKind

COUNT_LABELS = {
    CountKind.MEMBERS: _l("Members"),
    CountKind.SECTORS: _l("Expected sectors with someone active"),
    CountKind.ROUND_OPEN: _l("Coalitions with an open assessment round"),
    CountKind.ACTIONS_DONE: _l("Actions done"),
}
