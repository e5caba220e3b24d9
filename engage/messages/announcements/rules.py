"""Rules of announcements."""

from datetime import timedelta

TITLE_LONGEST = 120
TEXT_LONGEST = 2000
# The form suggests the first length for an announcement; none may be shown longer than the second.
USUAL = timedelta(days=14)
LONGEST = timedelta(days=366)
# Home shows at most this many, one on each line.
HOME_MOST = 3
