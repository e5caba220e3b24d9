"""Holds the directory of organizations, and each organization's page."""
