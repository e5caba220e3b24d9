"""Shows the public the meetings and events that are open to everyone."""
