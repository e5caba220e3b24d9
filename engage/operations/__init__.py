"""Runs an installation: the server, backups, administration, daily work, and the sample coalition."""
