"""Actions that come back."""
