"""Distinguishes browsers' ballots by a cookie.

Its value is made only when a ballot's page is opened, never when a ballot is sent.
"""

from engage.strengths.votes.rules import KEPT_FOR
from engage.web.browser_values import BrowserValue

BALLOT = BrowserValue("ballot", KEPT_FOR)
browser = BALLOT.read
give = BALLOT.give
