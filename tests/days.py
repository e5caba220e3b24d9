"""The moment that tests take for now, but those that start programs, which would take another day."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
