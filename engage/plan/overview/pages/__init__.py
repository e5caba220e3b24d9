"""What the plan's views show."""
