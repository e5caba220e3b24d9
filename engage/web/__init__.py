"""Holds tools for HTTP that import no feature."""
