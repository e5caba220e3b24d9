"""The directory of organizations and each one's page."""
