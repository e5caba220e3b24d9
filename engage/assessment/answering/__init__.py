"""Holds the wizard in which a respondent answers a round."""
