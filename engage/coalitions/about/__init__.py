"""About us: what a coalition says of itself, who holds which position, and who has accepted the statement."""
