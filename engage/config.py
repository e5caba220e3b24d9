"""Defines what every setting means; `settings` reads them from the environment and a file."""

import errno
import os
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from engage import settings
from engage.addresses import is_web_address
from engage.limits import KEY_HOLDERS, MEMBERS, MOST_BODY_BYTES, MOST_FIELDS, SHARED, Limits
from engage.numbers import whole_number
from engage.settings import ConfigError as ConfigError
from engage.settings import Provider

ROOT = Path(__file__).resolve().parent.parent
_SHIPPED = ROOT / "engage" / "shipped"
# This folder holds templates, static files and migrations. It is the package in a wheel, else the checkout.
FILES = _SHIPPED if _SHIPPED.is_dir() else ROOT


# `make install` puts a server's settings into this file, and the command `engage` that it installs reads
# them.
OF_SERVER = Path("/etc/engage/engage.env")


def in_folder(path: Path) -> str:
    """Returns the database URL of the SQLite file in a data folder."""
    return f"sqlite:///{path / 'engage.db'}"


def postgresql_url(raw: str, name: str = "ENGAGE_DATABASE_URL") -> str:
    """Returns a PostgreSQL database's URL in the form that SQLAlchemy needs.

    Raises a ConfigError that mentions `name`.
    """
    scheme, separator, rest = raw.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and separator and _has_a_port(raw) and rest:
        return f"postgresql+psycopg://{rest}"
    otherwise = " (leave it unset to use SQLite in ENGAGE_DATA)" if name == "ENGAGE_DATABASE_URL" else ""
    raise ConfigError(f"{name} must look like postgresql://user@host/database{otherwise}.")


# libpq gives up on a host that does not answer within these seconds, or that stops answering for these
# milliseconds. A person must have an answer within five seconds.
_PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 4_000}


def engine_options(database_url: str) -> dict[str, object]:
    """Returns the engine's options; options in the database URL override them."""
    # Without this option a database error's message would contain what a person typed.
    options: dict[str, object] = {"hide_parameters": True}
    # SQLAlchemy's cache of compiled statements shrinks to this number when it is half as large again. The ten
    # main pages send 64 statements; all pages send 400, of 35 KB each. Compiling a dropped one again takes
    # 0.7 ms.
    options["query_cache_size"] = 150
    if database_url.startswith("sqlite"):
        # pysqlite3 drops the prepared statements used least. With its default of 100 it would prepare some
        # again each time.
        options["connect_args"] = {"cached_statements": 300}
    else:
        said = urlsplit(database_url).query
        # After a crash of the database, this replaces broken connections; otherwise requests would fail.
        options["pool_pre_ping"] = True
        options["connect_args"] = {key: value for key, value in _PATIENCE.items() if f"{key}=" not in said}
    return options


def _has_a_port(address: str) -> bool:
    """Returns whether the address has a valid port, or none."""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def _public_url(raw: str) -> str:
    parts = urlsplit(raw) if is_web_address(raw) else None
    if parts is None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ConfigError(
            f"ENGAGE_URL must be the address people type, such as https://engage.example.org; it is {raw!r}."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _leave_url(raw: str) -> str:
    if not is_web_address(raw):
        raise ConfigError(
            f"ENGAGE_LEAVE_URL must be a web address such as https://www.weather.gov/; it is {raw!r}."
        )
    return raw


def _on(read: Mapping[str, str], name: str, usual: str = "on") -> bool:
    raw = read.get(name, usual)
    if raw not in {"on", "off"}:
        raise ConfigError(f"{name} must be on or off; it is {raw!r}.")
    return raw == "on"


DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _limits(read: Mapping[str, str], name: str, usual: Limits, unit: timedelta = DAY) -> Limits:
    """Reads the limits of a session from days (or hours) without use / days in all: "30/90"."""
    raw = read.get(name, "")
    if not raw:
        return usual
    idle, _slash, life = raw.partition("/")
    numbers = [whole_number(part, digits=3) or 0 for part in (idle, life)]
    if not 0 < numbers[0] <= numbers[1]:
        units = "days" if unit == DAY else "hours"
        raise ConfigError(
            f"{name} must be {units} without use and {units} in all, such as "
            f"{usual.idle // unit}/{usual.life // unit}; it is {raw!r}."
        )
    return Limits(unit * numbers[0], unit * numbers[1])


def _path(read: Mapping[str, str], name: str) -> Path | None:
    raw = read.get(name, "")
    if raw and not Path(raw).expanduser().is_absolute():
        raise ConfigError(f"{name} must begin with /, because commands run in any folder; it is {raw!r}.")
    return Path(raw).expanduser() if raw else None


class MailSecurity(StrEnum):
    """The ways to secure the connection to the mail server."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_MAIL_PORTS = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}


class MailServer(Struct, frozen=True, kw_only=True):
    """The SMTP server that takes this installation's mail.

    `seconds` is how long to wait for any response, `per_minute` how many mails go out in a minute; 0 means no
    limit.
    """

    host: str
    port: int
    sender: str
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = ""
    seconds: float = 10.0
    per_minute: int = 60

    def __repr__(self) -> str:
        """Returns the settings without the password."""
        return f"MailServer({self.host}:{self.port}, {self.sender})"


class Log(StrEnum):
    """The formats of the log; OFF leaves out the requests, never the errors."""

    PLAIN = "plain"
    JSON = "json"
    OFF = "off"


def _log(raw: str) -> Log:
    if raw not in set(Log):
        raise ConfigError(f"ENGAGE_LOG must be plain, json or off; it is {raw!r}.")
    return Log(raw)


def _proxies(raw: str) -> int:
    if raw not in {"0", "1", "2", "3"}:
        raise ConfigError(
            f"ENGAGE_PROXIES must be how many proxies are in front of Engage, 0 to 3; it is {raw!r}."
        )
    return int(raw)


def _mail_server(read: Mapping[str, str]) -> MailServer | None:
    """Returns the mail server; None if ENGAGE_SMTP_HOST is not set, and then no mail is sent."""
    given = {
        name: read.get(f"ENGAGE_SMTP_{name}", "")
        for name in ("HOST", "PORT", "TLS", "USER", "PASSWORD", "PASSWORD_FILE", "FROM", "PER_MINUTE")
    }
    if not given["HOST"]:
        if rest := next((name for name, value in given.items() if value), None):
            raise ConfigError(f"ENGAGE_SMTP_{rest} is set without ENGAGE_SMTP_HOST. Set both or neither.")
        return None
    if given["TLS"] not in {"", *MailSecurity}:
        raise ConfigError(f"ENGAGE_SMTP_TLS must be starttls, tls or none; it is {given['TLS']!r}.")
    security = MailSecurity(given["TLS"] or MailSecurity.STARTTLS)
    port = given["PORT"] or str(_MAIL_PORTS[security])
    if not 0 < (whole_number(port) or 0) < 65536:
        raise ConfigError(f"ENGAGE_SMTP_PORT must be a number from 1 to 65535; it is {port!r}.")
    password = settings.secret(read, "ENGAGE_SMTP_PASSWORD")
    if bool(given["USER"]) != bool(password):
        raise ConfigError("ENGAGE_SMTP_USER needs a password, and a password a user. Set both or neither.")
    if password and security is MailSecurity.NONE and given["HOST"] not in _THIS_MACHINE:
        raise ConfigError(
            "ENGAGE_SMTP_TLS=none would send the password for anyone to read. Use starttls or tls."
        )
    return MailServer(
        host=given["HOST"],
        port=int(port),
        sender=_mail_sender(given["FROM"]),
        security=security,
        user=given["USER"],
        password=password,
        per_minute=_per_minute(given["PER_MINUTE"] or "60"),
    )


def _per_minute(raw: str) -> int:
    if not 0 < (whole_number(raw) or 0) <= 1000:
        raise ConfigError(
            f"ENGAGE_SMTP_PER_MINUTE must be how many letters go out in a minute, 1 to 1000; it is {raw!r}."
        )
    return int(raw)


_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


class Alarm(Struct, frozen=True):
    """Who gets a mail when the nightly job failed, and the server that sends it; None is this machine's."""

    to: str
    server: MailServer | None


def alarm() -> Alarm | None:
    """Reads only what the mail needs, since another setting may be why the job failed. Raises ConfigError."""
    given = settings.read()
    to = _alarm_to(given)
    return Alarm(to, _mail_server(given)) if to else None


def _alarm_to(read: Mapping[str, str]) -> str:
    # Mailboxes of this machine are allowed, such as root@localhost.
    to = read.get("ENGAGE_ALARM_TO", "")
    if to and not (to.isascii() and re.fullmatch(r"[^\s<>@,;]+@[^\s<>@,;]+", to)):
        raise ConfigError(f"ENGAGE_ALARM_TO must be one address, such as you@example.org; it is {to!r}.")
    return to


# No one guesses a token of this length.
_TOKEN_SHORTEST = 20


def _ready_token(read: Mapping[str, str]) -> str:
    token = settings.secret(read, "ENGAGE_READY_TOKEN")
    if token and not re.fullmatch(rf"[A-Za-z0-9._~-]{{{_TOKEN_SHORTEST},200}}", token):
        raise ConfigError(
            f"ENGAGE_READY_TOKEN must be {_TOKEN_SHORTEST} to 200 letters and digits; openssl rand -hex 24 prints some."
        )
    return token


def _mail_sender(raw: str) -> str:
    """Returns the sender's address, with or without a name; mail needs one."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(parseaddr(raw)[1], check_deliverability=False)
    except EmailNotValidError:
        raise ConfigError(
            "ENGAGE_SMTP_FROM must be the address that mail comes from, such as engage@example.org or "
            f"Engage <engage@example.org>; it is {raw!r}."
        ) from None
    if not raw.isascii() or any(character in raw for character in "\r\n"):
        raise ConfigError("ENGAGE_SMTP_FROM must be one line of plain letters.")
    return raw


def read_secret_key(data: Path) -> str:
    """Returns the key that signs cookies, from the file that `engage init` made; refuses a short key."""
    path = data / "secret_key"
    try:
        key = path.read_text(errors="replace").strip()
    except FileNotFoundError:
        if any((data / name).exists() for name in ("engage.db", "version")):
            raise ConfigError(
                f"{path} is missing, but the data is there. Put it back from your own copy or an encrypted backup: "
                "docs/hosting.md, The worst hour. If it is lost for good, type: engage init"
            ) from None
        if OF_SERVER.exists() and not settings.settings_file() and not os.environ.get("ENGAGE_DATA"):
            raise ConfigError(
                f"{data} is not prepared, and {OF_SERVER} was not read. Type /usr/local/bin/engage instead."
            ) from None
        raise ConfigError(f"{data} is not prepared yet. Type: engage init") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}). Check who owns it.") from None
    if len(key) < 32:
        raise ConfigError(f"{path} is too short to be safe. Remove it and type: engage init")
    return key


def make_secret_key(data: Path) -> None:
    """Writes a new key that only this user can read.

    An existing key stays; a full disk leaves no partial key.
    """
    path = data / "secret_key"
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
    except OSError:
        path.unlink()
        raise


def prepare(folder: Path) -> None:
    """Make the data folder (for this user alone) and its secret. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):  # never change the mode of a folder that has other files
            folder.chmod(0o700)
        make_secret_key(folder)
    except OSError as error:
        raise ConfigError(cannot_write(error)) from None


_ADVICE = {
    errno.ENOSPC: "Make room and try again.",
    errno.EDQUOT: "Make room and try again.",
    errno.EROFS: "Mount it so that it can be written, or name another folder.",
}


def cannot_write(error: OSError, folder: Path | None = None) -> str:
    """Returns the message for a folder that cannot be written, by default the data folder."""
    advice = _ADVICE.get(error.errno or 0, "Check who owns it.")
    return f"{error.filename or folder or data_folder()} cannot be written ({error.strerror}). {advice}"


class Config(Struct, kw_only=True):
    """Flask's settings. Flask and its extensions read the names in upper case."""

    SECRET_KEY: str
    DATA: Path
    SQLALCHEMY_DATABASE_URI: str
    URL: str = "http://127.0.0.1:8000"
    LEAVE_URL: str = "https://www.weather.gov/"
    LAN: bool = False
    # This many proxies are trusted to report the client's address. None means one if the site's address is
    # https, else none.
    PROXIES: int | None = None
    LOG: Log = Log.PLAIN
    DEMO: bool = False
    # Without these settings, backups go to backups/ in the data folder and are not encrypted.
    BACKUP_TO: Path | None = None
    BACKUP_PASSPHRASE_FILE: Path | None = None
    # This address gets a mail when the nightly job fails; if it is blank, no one does.
    ALARM_TO: str = ""
    # `engage doctor` compares this version with the one that is named in this file.
    NEWEST_FILE: Path | None = None
    # Whoever sends this token is told at /healthz/ready how the site is; without one, there is no such page.
    READY_TOKEN: str = ""
    # None means that this installation sends no mail.
    MAIL: MailServer | None = None
    # The providers of accounts with which people may sign in; by default there is none.
    PROVIDERS: tuple[Provider, ...] = ()

    FILES: Path = FILES
    TESTING: bool = False
    # If set, the first POST of a day does the daily job (`engage tick`).
    DAILY: bool = True
    # If set, files and searches are limited for each account and minute (`engage.frame.pace`).
    LIMITS: bool = True
    # If set, coordinators may have Engage check whether the links of documents still work.
    CHECK_LINKS: bool = False
    MAX_CONTENT_LENGTH: int = MOST_BODY_BYTES
    MAX_FORM_MEMORY_SIZE: int = MOST_BODY_BYTES
    MAX_FORM_PARTS: int = MOST_FIELDS
    # A form that was open for an hour must still save, so its CSRF token is valid as long as the session.
    WTF_CSRF_TIME_LIMIT: int | None = None
    # A session in a person's own browser ends by the first two limits, of which the shorter ones are for people
    # who coordinate or administer; a session in any other browser ends by the third.
    SESSION_MEMBERS: Limits = MEMBERS
    SESSION_KEY_HOLDERS: Limits = KEY_HOLDERS
    SESSION_SHARED: Limits = SHARED
    # The cookie of a person's own browser is sent once, at sign-in, and not again with each page.
    SESSION_REFRESH_EACH_REQUEST: bool = False
    # Flask-Login does not compare the browser and its address with those at sign-in: the session's row says when
    # the password was last given, and nothing would read the result.
    SESSION_PROTECTION: str | None = None
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    BABEL_DEFAULT_LOCALE: str = "en"
    BABEL_TRANSLATION_DIRECTORIES: str = str(ROOT / "engage" / "translations")
    COMPRESS_ALGORITHM: tuple[str, ...] = ("br", "gzip")
    COMPRESS_BR_LEVEL: int = 3
    COMPRESS_LEVEL: int = 1
    COMPRESS_MIMETYPES: tuple[str, ...] = ("text/html", "text/csv", "application/json")
    # These are OWASP's argon2id parameters: 19 MiB, two passes, one lane (about 20 ms).
    ARGON2: tuple[int, int, int] = (2, 19456, 1)

    @property
    def SQLALCHEMY_ENGINE_OPTIONS(self) -> dict[str, object]:  # noqa: N802 - read by Flask like the other settings
        return engine_options(self.SQLALCHEMY_DATABASE_URI)

    @property
    def HTTPS(self) -> bool:  # noqa: N802
        return self.URL.startswith("https://")

    @property
    def SESSION_COOKIE_SECURE(self) -> bool:  # noqa: N802
        return self.HTTPS

    @property
    def PERMANENT_SESSION_LIFETIME(self) -> timedelta:  # noqa: N802
        """Returns how long the cookie lasts in a person's own browser; the session's row decides when it ends."""
        return max(self.SESSION_MEMBERS.life, self.SESSION_KEY_HOLDERS.life, self.SESSION_SHARED.life)

    @property
    def SESSION_COOKIE_NAME(self) -> str:  # noqa: N802
        return "__Host-session" if self.HTTPS else "session"

    @property
    def TRUSTED_HOSTS(self) -> list[str] | None:  # noqa: N802
        """Returns the host names that a request may have.

        On the local network any address of this machine is allowed.
        """
        if self.LAN:
            return None
        host = urlsplit(self.URL).hostname or "127.0.0.1"
        return [host, "127.0.0.1", "localhost"]

    @classmethod
    def from_environment(cls, data: Path | None = None, *, port: int = 8000) -> "Config":
        """Reads everything that `settings.NAMES` lists.

        Without ENGAGE_URL, links lead to `port` on this machine. Raises ConfigError with one line that says
        what to fix.
        """
        given = settings.read()
        folder = data or data_folder()
        database = given.get("ENGAGE_DATABASE_URL")
        config = cls(
            SECRET_KEY=read_secret_key(folder),
            DATA=folder,
            SQLALCHEMY_DATABASE_URI=postgresql_url(database) if database else in_folder(folder),
            URL=f"http://127.0.0.1:{port}",
        )
        if url := given.get("ENGAGE_URL"):
            config.URL = _public_url(url)
        if leave := given.get("ENGAGE_LEAVE_URL"):
            config.LEAVE_URL = _leave_url(leave)
        if proxies := given.get("ENGAGE_PROXIES"):
            config.PROXIES = _proxies(proxies)
        config.LIMITS = _on(given, "ENGAGE_LIMITS")
        config.CHECK_LINKS = _on(given, "ENGAGE_CHECK_LINKS", "off")
        config.LOG = _log(given.get("ENGAGE_LOG", Log.PLAIN))
        config.BACKUP_TO = _path(given, "ENGAGE_BACKUP_TO")
        config.BACKUP_PASSPHRASE_FILE = _path(given, "ENGAGE_BACKUP_PASSPHRASE_FILE")
        config.ALARM_TO = _alarm_to(given)
        config.NEWEST_FILE = _path(given, "ENGAGE_NEWEST_FILE")
        config.READY_TOKEN = _ready_token(given)
        config.MAIL = _mail_server(given)
        config.PROVIDERS = settings.providers(given)
        config.SESSION_MEMBERS = _limits(given, "ENGAGE_SESSION_DAYS", MEMBERS)
        config.SESSION_KEY_HOLDERS = _limits(given, "ENGAGE_SESSION_DAYS_COORDINATORS", KEY_HOLDERS)
        config.SESSION_SHARED = _limits(given, "ENGAGE_SESSION_HOURS_SHARED", SHARED, HOUR)
        return config


def data_folder() -> Path:
    """Returns the folder with the database and the secret.

    It is ENGAGE_DATA, or instance/ in the checkout, or for an installed package a folder of this user.
    """
    if named := settings.read().get("ENGAGE_DATA"):
        return Path(named).expanduser().resolve()
    if FILES == ROOT:
        return ROOT / "instance"
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "engage"


class TestConfig(Config, kw_only=True):
    """The test suite's settings: cheap hashes, the rest as in production."""

    __test__ = False

    SECRET_KEY: str = "only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
    URL: str = "http://127.0.0.1"
    TESTING: bool = True
    DAILY: bool = False
    LIMITS: bool = False
    LOG: Log = Log.OFF
    ARGON2: tuple[int, int, int] = (1, 8, 1)

    @property
    def SQLALCHEMY_ENGINE_OPTIONS(self) -> dict[str, object]:  # noqa: N802
        """Keeps more compiled statements than a server does, because all tests together send four thousand."""
        return {**super().SQLALCHEMY_ENGINE_OPTIONS, "query_cache_size": 5_000}
