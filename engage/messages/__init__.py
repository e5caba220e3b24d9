"""Holds messages: an inbox, reminders, mail to members, a digest by e-mail, and the sending of all mail."""
