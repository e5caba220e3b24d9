"""Feedback on an event: the coalition's own questions before and after it, counted for everyone together."""
