"""Shows a round's results, with what was done about them."""
