"""Holds sectors to recruit: who will ask someone from a missing sector, and by when."""
