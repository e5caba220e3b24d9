"""The areas of the toolkit, to read."""
