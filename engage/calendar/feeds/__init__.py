"""Feeds for calendar programs: a person's, a group's, and the public one."""
