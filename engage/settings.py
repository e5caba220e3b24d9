"""Reads settings from the environment, and from the file that ENGAGE_SETTINGS names.

The environment takes precedence.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from engage.addresses import is_web_address

# These are the names of all settings. docs/hosting/settings.md explains each of them, and a test compares the two
# lists.
NAMES = (
    "ENGAGE_SETTINGS",
    "ENGAGE_DATA",
    "ENGAGE_URL",
    "ENGAGE_PROXIES",
    "ENGAGE_DATABASE_URL",
    "ENGAGE_LEAVE_URL",
    "ENGAGE_BACKUP_TO",
    "ENGAGE_BACKUP_PASSPHRASE_FILE",
    "ENGAGE_ALARM_TO",
    "ENGAGE_NEWEST_FILE",
    "ENGAGE_READY_TOKEN",
    "ENGAGE_READY_TOKEN_FILE",
    "ENGAGE_LOG",
    "ENGAGE_LIMITS",
    "ENGAGE_CHECK_LINKS",
    "ENGAGE_LIVE_TABLES",
    "ENGAGE_SESSION_DAYS",
    "ENGAGE_SESSION_DAYS_COORDINATORS",
    "ENGAGE_SESSION_HOURS_SHARED",
    "ENGAGE_SMTP_HOST",
    "ENGAGE_SMTP_FROM",
    "ENGAGE_SMTP_TLS",
    "ENGAGE_SMTP_PORT",
    "ENGAGE_SMTP_USER",
    "ENGAGE_SMTP_PASSWORD",
    "ENGAGE_SMTP_PASSWORD_FILE",
    "ENGAGE_SMTP_PER_MINUTE",
    # Up to three providers of accounts with which people may sign in.
    *(
        f"ENGAGE_OIDC_{number}_{what}"
        for number in (1, 2, 3)
        for what in ("NAME", "ISSUER", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "PRIVATE")
    ),
)
PREFIX = "ENGAGE_"
# These are for the test suite, not for an installation.
_OF_TESTS = "ENGAGE_TEST_"


class ConfigError(Exception):
    """A setting with which Engage cannot start; the message is one line that says what to fix."""


def read() -> Mapping[str, str]:
    """Returns every setting that is set and not blank. Raises ConfigError, also for an unknown name."""
    own = {name: value.strip() for name, value in os.environ.items() if name.startswith(PREFIX)}
    _refuse_unknown((name for name in own if not name.startswith(_OF_TESTS)), "the environment")
    path = settings_file()
    given = _of_file(path) if path else {}
    return {**given, **{name: value for name, value in own.items() if value}}


def secret(given: Mapping[str, str], name: str) -> str:
    """Returns a password from the setting of this name, or from the file that NAME_FILE names.

    It is empty if neither is set.
    """
    value, file = given.get(name, ""), given.get(f"{name}_FILE", "")
    if value and file:
        raise ConfigError(f"Set {name} or {name}_FILE, not both.")
    if not file:
        return value
    try:
        read_value = Path(file).read_text(errors="replace").strip()
    except OSError as error:
        raise ConfigError(f"{name}_FILE cannot be read ({error.strerror}): {file}") from None
    if not read_value:
        raise ConfigError(f"{name}_FILE is empty: {file}")
    return read_value


def settings_file() -> Path | None:
    """Returns the file that ENGAGE_SETTINGS names."""
    named = os.environ.get("ENGAGE_SETTINGS", "").strip()
    return Path(named).expanduser() if named else None


def _of_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")  # Notepad may write a BOM
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
        if not separator:  # the error does not quote the line, which may hold a password
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
        hint = f" Did you mean {near[0]}?" if near else " docs/hosting/settings.md lists them all."
        raise ConfigError(f"{where}: {name[:60]!r} is not an Engage setting.{hint}")


# -- providers (OpenID Connect) with whose accounts people may sign in

PROVIDER_NUMBERS = (1, 2, 3)
PROVIDER_NAME_LONGEST = 40
_ANY_TENANT = {"common", "organizations", "consumers"}


class Provider(Struct, frozen=True, kw_only=True):
    """A provider of accounts. Its issuer, never its name or number, says whose answers are meant.

    `is_private` allows servers on this machine and in its network, and addresses without https.
    """

    number: int
    name: str
    issuer: str
    client_id: str
    client_secret: str
    is_private: bool = False

    def __repr__(self) -> str:
        """Returns the settings without the secret."""
        return f"Provider({self.number}, {self.name}, {self.issuer})"


def providers(given: Mapping[str, str]) -> tuple[Provider, ...]:
    """Returns the providers that the host switched on. Raises ConfigError."""
    found = tuple(_providers(given))
    if len({each.issuer for each in found}) < len(found):
        raise ConfigError("Two of the ENGAGE_OIDC_ providers have the same ISSUER. Remove one.")
    return found


def _providers(given: Mapping[str, str]) -> Iterator[Provider]:
    for number in PROVIDER_NUMBERS:
        prefix = f"ENGAGE_OIDC_{number}_"
        values = {
            name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)
        }
        if not values:
            continue
        client_secret = secret(given, f"{prefix}CLIENT_SECRET")
        needed = {**values, "CLIENT_SECRET": client_secret}
        if missing := [
            name for name in ("NAME", "ISSUER", "CLIENT_ID", "CLIENT_SECRET") if not needed.get(name)
        ]:
            raise ConfigError(
                f"{prefix}{missing[0]} is missing. Set it, or remove the other {prefix} settings."
            )
        private = values.get("PRIVATE", "off")
        if private not in {"on", "off"}:
            raise ConfigError(f"{prefix}PRIVATE must be on or off; it is {private!r}.")
        yield Provider(
            number=number,
            name=_provider_name(values["NAME"], prefix),
            issuer=_issuer(values["ISSUER"], prefix, is_private=private == "on"),
            client_id=values["CLIENT_ID"],
            client_secret=client_secret,
            is_private=private == "on",
        )


def _provider_name(raw: str, prefix: str) -> str:
    if len(raw) > PROVIDER_NAME_LONGEST:
        raise ConfigError(
            f"{prefix}NAME must have at most {PROVIDER_NAME_LONGEST} characters, such as Google."
        )
    return raw


def _issuer(raw: str, prefix: str, *, is_private: bool) -> str:
    """Returns the issuer as it is, since it is compared letter by letter."""
    parts = urlsplit(raw) if is_web_address(raw) else None
    if parts is None or parts.query or parts.fragment:
        raise ConfigError(
            f"{prefix}ISSUER must be the provider's issuer, such as https://accounts.google.com; it is {raw!r}."
        )
    if parts.scheme != "https" and not is_private:
        raise ConfigError(
            f"{prefix}ISSUER must begin with https, unless the provider is in your own network "
            f"({prefix}PRIVATE=on); it is {raw!r}."
        )
    if parts.hostname == "login.microsoftonline.com" and parts.path.split("/")[1] in _ANY_TENANT:
        raise ConfigError(
            f"{prefix}ISSUER must name one tenant of Microsoft by its id, since anyone can make an account of another."
        )
    return raw
