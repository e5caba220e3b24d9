"""Tells one browser's ballot from the others'.

A value is made only when a ballot's page is opened, never by handing one in.
"""

from engage.strengths.votes.rules import KEPT_FOR
from engage.web.browser_values import BrowserValue

BALLOT = BrowserValue("ballot", KEPT_FOR)
browser = BALLOT.read
give = BALLOT.give
