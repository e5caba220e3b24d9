"""What the page of a draft shows."""
