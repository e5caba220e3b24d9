"""Reads settings from the environment, and from the file that ENGAGE_SETTINGS names. The environment wins."""

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

# These are all the settings. docs/hosting.md explains each of them, and a test compares the two lists.
NAMES = (
    "ENGAGE_SETTINGS",
    "ENGAGE_DATA",
    "ENGAGE_URL",
    "ENGAGE_PROXIES",
    "ENGAGE_DATABASE_URL",
    "ENGAGE_LEAVE_URL",
    "ENGAGE_BACKUP_TO",
    "ENGAGE_BACKUP_PASSPHRASE_FILE",
    "ENGAGE_LOG",
    "ENGAGE_LIMITS",
    "ENGAGE_CHECK_LINKS",
    "ENGAGE_SESSION_DAYS",
    "ENGAGE_SESSION_DAYS_COORDINATORS",
    "ENGAGE_SMTP_HOST",
    "ENGAGE_SMTP_FROM",
    "ENGAGE_SMTP_TLS",
    "ENGAGE_SMTP_PORT",
    "ENGAGE_SMTP_USER",
    "ENGAGE_SMTP_PASSWORD",
    "ENGAGE_SMTP_PASSWORD_FILE",
    "ENGAGE_SMTP_PER_MINUTE",
)
PREFIX = "ENGAGE_"
# These belong to the test suite, not to the installation.
_OF_TESTS = "ENGAGE_TEST_"


class ConfigError(Exception):
    """A setting that Engage cannot start with; the message is one line that says what to fix."""


def read() -> Mapping[str, str]:
    """Returns every setting that is set and not blank. Raises ConfigError, also for an unknown name."""
    own = {name: value.strip() for name, value in os.environ.items() if name.startswith(PREFIX)}
    _refuse_unknown((name for name in own if not name.startswith(_OF_TESTS)), "the environment")
    path = settings_file()
    given = _of_file(path) if path else {}
    return {**given, **{name: value for name, value in own.items() if value}}


def settings_file() -> Path | None:
    """Returns the file that ENGAGE_SETTINGS names."""
    named = os.environ.get("ENGAGE_SETTINGS", "").strip()
    return Path(named).expanduser() if named else None


def _of_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")  # Notepad may put a mark at the start
    except OSError as error:
        raise ConfigError(f"ENGAGE_SETTINGS cannot be read ({error.strerror}): {path}") from None
    found: dict[str, str] = {}
    for number, name, value in _pairs(path, text):
        where = f"{path}, line {number}"
        _refuse_unknown([name], where)
        if name in found or name == "ENGAGE_SETTINGS":
            raise ConfigError(f"{where}: {name} {'is there twice' if name in found else 'is set here'}.")
        if name == "ENGAGE_DATA" and value and not Path(value).expanduser().is_absolute():
            raise ConfigError(
                f"{where}: ENGAGE_DATA must begin with /, because commands run in any folder; it is {value!r}."
            )
        found[name] = value
    return {name: value for name, value in found.items() if value}


def _pairs(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    """Yields line number, name and value, without blank lines and comments."""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, separator, value = stripped.partition("=")
        if not separator:  # the line is not quoted, because it may hold a password
            raise ConfigError(f"{path}, line {number}: write NAME=value, or # before a comment.")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        yield number, name.strip(), value


def _refuse_unknown(names: Iterable[str], where: str) -> None:
    for name in names:
        if name in NAMES:
            continue
        near = get_close_matches(name, NAMES, n=1)
        hint = f" Did you mean {near[0]}?" if near else " docs/hosting.md lists them all."
        raise ConfigError(f"{where}: {name[:60]!r} is not an Engage setting.{hint}")
