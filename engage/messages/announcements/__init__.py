"""Holds short posts by coordinators: on Home, in the digest, and on the public page if marked public."""
