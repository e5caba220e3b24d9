"""The addresses of About us."""
