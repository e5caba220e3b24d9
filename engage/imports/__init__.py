"""Imports a table from a file: read it, say what each column is, check every row, then write all or nothing."""
