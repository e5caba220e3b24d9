"""Holds announcements: short posts by coordinators, on Home, in the digest, and if marked so on the public page."""
