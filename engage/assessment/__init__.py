"""Holds the community assessment: a round asks respondents about the community and shows what they said together."""
