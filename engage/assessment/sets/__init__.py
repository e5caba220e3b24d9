"""Question sets and the areas in them."""
