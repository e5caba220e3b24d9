"""Holds the plan of action: goals, objectives and actions, who does what by when, and its progress."""
