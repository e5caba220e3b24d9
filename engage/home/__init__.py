"""Holds Home: what to do next, what waits for the reader, what is late or stuck, gaps, and recent changes."""
