"""Rules of the links by which a person says how an action is going."""

from datetime import timedelta

from engage.plan.rules import QuickAnswer

# A link is dead this long after its mail was made.
KEPT = timedelta(days=10)
# A mail asks about at most this many actions, since each adds three long addresses in text and in HTML.
ACTIONS_MOST = 10
# What a link can say, in the order of the mail. None of these needs words.
SAYABLE = (QuickAnswer.DONE, QuickAnswer.ON_TRACK, QuickAnswer.STUCK)
