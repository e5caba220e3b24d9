"""Holds the rules of an agenda: minutes, subjects of lines, and what a draft proposes."""
