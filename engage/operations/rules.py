"""Rules of running an installation: what runs, and how long expired things are kept.

Other periods are defined with their subject: sessions (accounts), ballots (strengths), copies for undo and
trash (engage.kept), the audit log and former members' contacts (coalitions). The settings page lists them
all.
"""

from datetime import timedelta
from enum import StrEnum

# Links stay this long after they were used, expired or were replaced.
PASSWORD_LINKS_KEPT = timedelta(days=30)
# Invitations stay this long after their last use, expiry or revocation; they hold an address and a name.
INVITATIONS_KEPT = timedelta(days=90)
# These records say when a digest was sent and with what result. Each person's last one stays, to know what is new.
MAILS_KEPT = timedelta(days=90)
# Leftover copies of all data stay this long: those of a killed command, and the data from before a restore.
LEFTOVERS_KEPT = timedelta(days=7)
# The installation's admins are told if the last backup is older than this.
BACKUP_AGE = timedelta(days=7)


class RunKind(StrEnum):
    """The scheduled jobs of the whole installation."""

    TICK = "tick"
    BACKUP = "backup"
    # An archive was restored into a temporary folder, and its pages answered.
    CHECK = "check"


# A demo puts this file into its folder, which every start of `engage demo` empties.
DEMO_MARKER = "this-is-a-demo"
