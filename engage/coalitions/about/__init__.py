"""Handles About us: what a coalition says about itself, who has which position, and who accepted the statement."""
