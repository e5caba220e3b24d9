"""Rules of running an installation: what runs, and how long what is over is kept.

Other times stand with what they are about: sessions (accounts), ballots (strengths), copies for undo and trash
(engage.kept), the audit log and former members' contacts (coalitions). The page in the settings names them all.
"""

from datetime import timedelta
from enum import StrEnum

# After it was used, ran out or was replaced.
PASSWORD_LINKS_KEPT = timedelta(days=30)
# After its last use, its end or its being taken back; it holds an address and a name.
INVITATIONS_KEPT = timedelta(days=90)
# When a digest was sent and how that went; the last one of each person stays, to know what is new.
MAILS_KEPT = timedelta(days=90)
# Whoever runs the installation is told when the last backup is older.
BACKUP_AGE = timedelta(days=7)


class RunKind(StrEnum):
    """What is done for the whole installation at its time."""

    TICK = "tick"
    BACKUP = "backup"
    # An archive was restored into a place that is thrown away, and its pages answered.
    CHECK = "check"
