"""What each report shows."""
