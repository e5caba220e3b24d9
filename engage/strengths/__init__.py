"""Holds strengths: what people and organizations can offer."""
