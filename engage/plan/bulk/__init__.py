"""Changes several actions at once."""
