"""Defines the reasons for which a text is reported, and the states of the report."""

from enum import StrEnum


class ReportReason(StrEnum):
    PERSON = "person"
    CASE = "case"
    CONTACT = "contact"
    HURTFUL = "hurtful"
    OTHER = "other"


class ReportOutcome(StrEnum):
    KEPT = "kept"
    REDACTED = "redacted"
