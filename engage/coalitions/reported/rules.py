"""Defines why a text is reported, and what becomes of the report."""

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
