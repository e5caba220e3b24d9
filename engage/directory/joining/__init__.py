"""Lets people join a coalition by a link."""
