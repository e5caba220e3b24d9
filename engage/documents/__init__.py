"""Documents: links to what the coalition keeps elsewhere, and templates of our own words to copy."""
