"""Taking a table in from a file: read it, say what each column is, look at every row, then write all or nothing."""
