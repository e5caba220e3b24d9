"""Holds the respondents of a round: who is asked, who has answered, and reminders."""
