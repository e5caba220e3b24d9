"""Runs an installation: the server, the sample coalition, and the daily work."""
