"""Organizations: one row each from the first day, with one sector, and who in the coalition comes from where."""
