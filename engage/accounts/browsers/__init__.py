"""Which browser someone uses, in two plain words."""
