"""Planning sessions and other meetings: agenda, who came, what was decided."""
