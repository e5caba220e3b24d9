"""The addresses of the administration."""
