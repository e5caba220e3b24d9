"""Defines a report and makes it a file: its parts, the PDF, and the response that sends it."""
