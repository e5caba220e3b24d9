"""Shows strengths and needs side by side, area by area."""
