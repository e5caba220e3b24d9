"""Handles question sets and the areas in them."""
