"""Writing down a meeting while it runs: what was said, what became of each line, decisions and actions."""
