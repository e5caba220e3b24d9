"""Holds the rules of an agenda: minutes, subjects of lines, and the proposals of a draft."""
