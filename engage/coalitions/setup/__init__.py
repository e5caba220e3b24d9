"""Setting up a coalition on a new installation."""
