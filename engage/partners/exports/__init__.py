"""Sends the organizations as a table, and reads them as its rows for whatever is compared with them."""
