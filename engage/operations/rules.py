"""Rules of running an installation: scheduled jobs, and how long expired data is kept.

Other periods are defined in their feature: sessions (accounts), ballots (strengths), copies for undo and
trash (engage.snapshots), the audit log and contacts of former members (coalitions). The settings page lists all
periods.
"""

from datetime import timedelta
from enum import StrEnum

# How long links are kept after they were used, expired or were replaced.
PASSWORD_LINKS_KEPT = timedelta(days=30)
# How long invitations, which contain an address and a name, are kept after their last use or their end.
INVITATIONS_KEPT = timedelta(days=90)
# How long records of digests are kept. Each person's latest stays, because the next digest needs it.
MAILS_KEPT = timedelta(days=90)
# How long a copy of all data is kept that a killed command left behind, or that a restore moved aside.
LEFTOVERS_KEPT = timedelta(days=7)
# Admins and coordinators see a note if the last backup is older than this.
BACKUP_AGE = timedelta(days=7)


class RunKind(StrEnum):
    """The scheduled jobs of the whole installation."""

    TICK = "tick"
    BACKUP = "backup"
    # A test: an archive was restored to a temporary folder, and pages worked with its data.
    CHECK = "check"


# A demo marks its folder with this file. Each start of `engage demo` empties a marked folder.
DEMO_MARKER = "this-is-a-demo"
