"""Who came."""
