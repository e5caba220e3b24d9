"""Imports a table from a file: read it, choose the columns, check every row, then save all rows or none."""
