"""A group's page, which gathers what belongs to it."""
