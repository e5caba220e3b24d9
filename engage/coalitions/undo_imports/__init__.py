"""Records what imports changed, and undoes an import in one step."""
