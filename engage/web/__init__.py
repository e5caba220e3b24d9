"""Tools for HTTP that know no feature."""
