"""Sectors to recruit: who will ask someone of a missing sector, and by when."""
