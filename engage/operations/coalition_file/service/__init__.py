"""Imports a coalition's file."""
