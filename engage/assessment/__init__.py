"""Holds the community assessment: a round asks respondents about the community and shows their answers as a whole."""
