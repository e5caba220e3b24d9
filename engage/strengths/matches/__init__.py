"""A strength matched with a need."""
