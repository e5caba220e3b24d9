"""Holds the network page: sums over the coalitions of this site that agreed to share counts."""
