"""Holds the demo and its sample coalition."""
