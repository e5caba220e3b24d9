"""Writing changes back."""
