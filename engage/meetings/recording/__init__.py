"""Writing down a meeting while it runs."""
