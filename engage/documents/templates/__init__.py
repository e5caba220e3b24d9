"""Offers templates of documents in Engage's own words, filled in as far as possible, to copy as text or PDF."""
