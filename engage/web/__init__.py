"""Holds tools for HTTP that know no feature."""
