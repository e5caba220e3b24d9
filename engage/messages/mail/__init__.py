"""Holds mail: whether it is set up, its queues, the SMTP connection, and a test mail."""
