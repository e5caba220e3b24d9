"""Tells a monitor that has the token whether this site does all of its work, not only answers."""
