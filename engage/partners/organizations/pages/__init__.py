"""What the directory and an organization's page show."""
