"""Reviews the plan in a meeting."""
