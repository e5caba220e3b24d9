"""Detects containers, in which no systemd runs the timers and stores the log."""

from pathlib import Path

# Podman and Docker create these files.
_MARKS = (Path("/run/.containerenv"), Path("/.dockerenv"))


def in_container() -> bool:
    return any(mark.exists() for mark in _MARKS)


def log_of(unit: str) -> str:
    """Returns the command that shows why the last run of this scheduled command failed."""
    return "docker compose logs jobs" if in_container() else f"journalctl -u {unit} -n 20"


def timer_of(unit: str) -> str:
    """Returns what to check if this scheduled command did not run."""
    jobs = "the container jobs: docker compose ps jobs"
    return jobs if in_container() else f"the timer: systemctl status {unit}.timer"


def turned_on() -> str:
    """Returns how to turn on nightly backups."""
    return "start the container jobs: docker compose up -d jobs" if in_container() else "turn its timer on"
