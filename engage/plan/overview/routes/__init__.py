"""The addresses of the plan's page and its rows."""
