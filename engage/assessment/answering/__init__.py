"""The wizard in which a respondent answers."""
