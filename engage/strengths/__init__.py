"""Strengths: what people and organizations can offer."""
