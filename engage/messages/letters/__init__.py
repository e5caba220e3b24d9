"""Holds letters: messages that coordinators write to people, sent by Engage or by hand."""
