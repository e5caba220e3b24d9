"""Lets a person say by a link in a mail how an action of theirs is going, once and without signing in."""
