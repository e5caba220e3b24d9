"""Actions that no one has touched for a while."""
