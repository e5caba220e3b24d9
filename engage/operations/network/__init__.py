"""The network page: sums of what coalitions of this site agreed to share."""
