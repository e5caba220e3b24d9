"""What has to be done before a meeting."""
