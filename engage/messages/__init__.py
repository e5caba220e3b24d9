"""Holds messages: an inbox, texts that remind people, a digest by e-mail, and a calendar to subscribe to."""
