"""Activities: what was done, with how many people."""
