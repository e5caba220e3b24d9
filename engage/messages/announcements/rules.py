"""Rules of announcements."""

from datetime import timedelta

TITLE_LONGEST = 120
TEXT_LONGEST = 2000
# A new announcement is offered to stand so long, and none may stand longer.
USUAL = timedelta(days=14)
LONGEST = timedelta(days=366)
# Home shows so many, each in a line.
HOME_MOST = 3
