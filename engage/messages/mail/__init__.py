"""Mail: whether it is set up, how it is sent, and a test."""
