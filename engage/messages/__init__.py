"""Holds messages: an inbox, texts that remind, a digest by e-mail, and a calendar to subscribe to."""
