"""Reviews actions that no one has touched for a while."""
