"""Names that may mean the same organization."""
