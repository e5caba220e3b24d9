"""Handles the people of a coalition, their roles, and how they leave."""
