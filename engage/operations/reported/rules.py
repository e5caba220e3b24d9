"""Defines the reasons for reporting a text, and the states of a report."""

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
