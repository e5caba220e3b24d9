"""Templates of documents in our own words: filled in as far as Engage knows, to copy as text or as PDF."""
