"""The digest by mail."""
