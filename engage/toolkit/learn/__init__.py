"""Shows the areas of the toolkit, to read."""
