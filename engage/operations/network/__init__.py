"""Holds the network page: sums of counts that coalitions of this site agreed to share."""
