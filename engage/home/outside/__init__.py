"""Those around the coalition: agreements that end, open recruitments."""
