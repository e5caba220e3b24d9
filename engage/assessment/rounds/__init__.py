"""Handles opening, editing, closing and reopening a round."""
