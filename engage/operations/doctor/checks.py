"""Checks an installation for `engage doctor`, and says how to fix problems."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from engage import clock, languages, release, settings
from engage.config import FILES, Config, ConfigError, MailServer, data_folder
from engage.errors import ContentError
from engage.operations.backup.rules import is_ahead, moment_in
from engage.operations.daily import leftovers
from engage.operations.doctor import backups, database, place, versions
from engage.operations.doctor.findings import DoctorFinding, fix, look, ok
from engage.operations.rules import DEMO_MARKER, LEFTOVERS_KEPT

MEGABYTE = 1_000_000
# With less free space, the next backup or the next week may not fit.
SCARCE, VERY_SCARCE = 1_000 * MEGABYTE, 100 * MEGABYTE
# The memory that one process needs for four simultaneous requests, one of which makes a PDF.
MEMORY = 400 * MEGABYTE
# The host name in the example settings file, docs/hosting/engage.env.
EXAMPLE = "engage.example.org"
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
# A correct clock is within these bounds, because Engage did not exist before.
EARLIEST, LATEST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Each night a backup is written. After so long without one, the clock may be ahead.
SILENT = timedelta(days=9)


def examine(*, mail: bool = False) -> Iterator[DoctorFinding]:
    """Yields each finding as soon as it is known. With `mail` it also connects to the mail server."""
    config = None
    yield ok("Engage", release.named())
    yield from texts()
    try:
        config = Config.from_environment()
        yield ok("settings", f"read from {settings.settings_file() or 'the environment'}")
    except ConfigError as error:
        yield fix("settings", str(error))
    yield from settings_file_mode(settings.settings_file())
    folder = config.DATA if config else _folder_of_broken_settings()
    if folder is not None:
        yield from data_files(folder)
        yield from leftover(folder)
        yield from static_files(folder) if _entered(folder) else ()
        yield from disk(folder)
    yield from clock_of(clock.now(), folder)
    yield memory(_memory())
    if config is None:
        yield look("database", "not checked: fix the settings first")
        return
    yield address(config)
    yield from versions.examine(config.NEWEST_FILE)
    yield from database.examine(config)
    yield from backups.elsewhere(config)
    yield from backups.passphrase(config.BACKUP_PASSPHRASE_FILE)
    yield from backups.newest_is_whole(config)
    yield from backups.ahead_of_time(config)
    yield from backups.of_another_key(config)
    yield from failed(config.DATA)
    yield alarm(config.ALARM_TO)
    yield mail_server(config.MAIL, connect=mail)


def texts() -> Iterator[DoctorFinding]:
    """Reports compiled translations that do not fit the code: an update was not completely installed."""
    try:
        languages.refuse_broken()
    except ContentError as error:
        yield fix("texts", str(error))


def _folder_of_broken_settings() -> Path | None:
    try:
        return data_folder()
    except ConfigError:
        return None


def settings_file_mode(path: Path | None) -> Iterator[DoctorFinding]:
    """Checks who can read the settings file, which may contain the mail server's password."""
    if path is None or not path.is_file():
        return
    if path.stat().st_mode & 0o007:
        yield fix("settings file", f"everyone on this machine can read it. Type: chmod 640 {path}")
    else:
        yield ok("settings file", f"{path} is not readable by everyone")


def address(config: Config) -> DoctorFinding:
    host = urlsplit(config.URL).hostname
    if host == EXAMPLE:
        return fix(
            "address", f"{config.URL} is the example: links would lead nowhere. Set ENGAGE_URL to your own"
        )
    if not config.HTTPS and host not in THIS_MACHINE:
        return look(
            "address", f"{config.URL} is not https: passwords travel unencrypted. Set ENGAGE_URL to https"
        )
    if config.HTTPS and config.PROXIES == 0:
        words = "ENGAGE_PROXIES is 0: every visitor looks like the proxy, and slowing down one slows down all"
        return look("address", f"{words}. Remove the setting or set it to 1")
    if config.PROXIES and config.PROXIES > 1:
        return look(
            "address",
            f"{config.URL}; {config.PROXIES} proxies are trusted: check that there really are that many",
        )
    return ok("address", f"{config.URL}, {'Secure cookies, HSTS, one proxy' if config.HTTPS else 'no proxy'}")


def data_files(folder: Path) -> Iterator[DoctorFinding]:
    """Checks that the data folder and its files belong to us, are writable, and closed to other users."""
    if not folder.is_dir():
        yield fix("data folder", f"{folder} is not there. Type: engage init")
        return
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        words = f"{folder} can only be read now, as after an error of the disk. Type: dmesg | tail"
        yield fix("data folder", f"{words}; then mount it so that it can be written")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield fix(
            "data folder",
            f"{folder} cannot be written by this user. Type: chown {os.geteuid()} {folder}; chmod 700 {folder}",
        )
    elif folder.stat().st_mode & 0o077:
        yield fix("data folder", f"others on this machine may look in. Type: chmod 700 {folder}")
    elif (folder / DEMO_MARKER).exists():
        yield look("data folder", f"{folder} holds a demo, which the next engage demo deletes")
    else:
        yield ok("data folder", f"{folder}, for its owner alone")
    if _entered(folder):  # otherwise its files cannot be checked
        yield from _file_modes(folder)
        yield _secret(folder / "secret_key")


def _entered(folder: Path) -> bool:
    """Returns whether the folder can be read. Another user's folder may be closed to us."""
    try:
        (folder / "secret_key").stat()
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    return True


def _file_modes(folder: Path) -> Iterator[DoctorFinding]:
    there, closed = folder.stat(), _closed(folder)
    if closed:
        owner = f"chown -R {there.st_uid}:{there.st_gid} {folder}"
        yield fix(
            "files", f"{_named(closed)} is closed to this user. Type: {owner}; chmod 700 {_spaced(closed)}"
        )
        return
    files = _ours(folder)
    open_to_others = [each for each in files if each.stat().st_mode & 0o077]
    written = [*files, *(folder / name for name in ("backups", "static", "lock", "version"))]
    foreign = [each for each in written if each.exists() and each.stat().st_uid != there.st_uid]
    if open_to_others:
        yield fix(
            "files", f"others may read {_named(open_to_others)}. Type: chmod go= {_spaced(open_to_others)}"
        )
    if foreign:
        yield fix(
            "files",
            f"{_named(foreign)} does not belong to the data folder's owner. "
            f"Type: chown -R {there.st_uid}:{there.st_gid} {folder}",
        )
    if not open_to_others and not foreign:
        yield ok("files", f"{len(files)} in the data folder, for their owner alone")


def _closed(folder: Path) -> list[Path]:
    """Returns the folders of ours that this user cannot open: what lies there is not checked."""
    mode = os.R_OK | os.W_OK | os.X_OK
    return [
        each
        for each in (folder / "backups", folder / "static")
        if each.is_dir() and not os.access(each, mode)
    ]


def _ours(folder: Path) -> list[Path]:
    """Returns the files that this user can look at."""
    if not _entered(folder):
        return []
    wanted = ["engage.db*", "secret_key"] if _closed(folder) else ["engage.db*", "backups/*", "secret_key"]
    return [file for each in wanted for file in sorted(folder.glob(each)) if file.is_file()]


def _named(files: list[Path]) -> str:
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0].name}{more}"


def _spaced(files: list[Path]) -> str:
    return " ".join(str(each) for each in files[:4])


def static_files(folder: Path) -> Iterator[DoctorFinding]:
    """Reports that the place of style sheets and scripts leads nowhere: the next start would fail."""
    for place_, repair in (
        (folder / "static", f"Type: rm {folder / 'static'}; Engage makes it again when it starts"),
        (FILES / "static", "Install Engage again: docs/hosting.md, Upgrade"),
    ):
        if place_.is_symlink() and not place_.exists():
            yield fix("static files", f"{place_} leads to {place_.readlink()}, which is gone. {repair}")
        elif place_.exists() and not place_.is_dir():
            yield fix("static files", f"{place_} is no folder. {repair}")
    if not os.path.lexists(FILES / "static"):
        yield fix(
            "static files", f"{FILES / 'static'} is missing. Install Engage again: docs/hosting.md, Upgrade"
        )


def _secret(path: Path) -> DoctorFinding:
    try:
        key = path.read_text(errors="replace").strip()
    except OSError as error:
        return fix(
            "secret", f"{path} cannot be read ({error.strerror}). If it was never there, type: engage init"
        )
    if len(key) < 32:
        return fix(
            "secret", f"{path} is too short to be safe. Remove it and type: engage init; people sign in again"
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return fix("secret", f"others may read it. Type: chmod 600 {path}")
    return ok("secret", f"{len(key)} characters, for its owner alone")


def leftover(folder: Path) -> Iterator[DoctorFinding]:
    """Reports copies of all data that a killed command or a restore left in the data folder."""
    found = leftovers.folders(folder) if folder.is_dir() and _entered(folder) else []
    aside = [each for each in found if each.name.startswith("before-restore-")]
    for when, what in (
        ("Once you have checked the restored data", aside),
        ("If nothing is being restored or upgraded", [each for each in found if each not in aside]),
    ):
        if what:
            taken = sum(map(leftovers.size, what)) // MEGABYTE
            yield look(
                "leftovers",
                f"there are copies of the data in {_named(what)}, {taken} MB. {when}, "
                f"type: rm -r {_spaced(what)}. After {LEFTOVERS_KEPT.days} days engage tick removes them",
            )


def disk(folder: Path) -> Iterator[DoctorFinding]:
    """Compares free space with the database's size: a backup and a migration each need that much."""
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    size = sum(each.stat().st_size for each in folder.glob("engage.db*"))
    said = f"{free // MEGABYTE} MB are free, the database has {size // MEGABYTE} MB"
    if free < max(VERY_SCARCE, size):
        yield fix("disk", f"{said}. Make room: soon no one can save anything")
    elif free < max(SCARCE, 3 * size):
        yield look("disk", f"{said}. A backup and an upgrade each need the database's size again: make room")
    else:
        yield ok("disk", said)


def failed(folder: Path) -> Iterator[DoctorFinding]:
    """Reports scheduled commands whose last run failed; engage-failed@.service leaves a file for each.

    The hourly check itself fails because of what it reports, so its own file would keep it failing for ever.
    """
    found = set(folder.glob("failed-*")) if _entered(folder) else set()
    for file in sorted(found - {folder / "failed-engage-doctor"}):
        unit = file.name.removeprefix("failed-")
        moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        yield fix(unit, f"its last run failed, {moment:%Y-%m-%d %H:%M} UTC. Type: {place.log_of(unit)}")


def alarm(to: str) -> DoctorFinding:
    told = f"{to} gets an e-mail when a night's work fails; engage alarm test tries it"
    return ok("alarm", told if to else "no one is told when a night's work fails: ENGAGE_ALARM_TO is not set")


def clock_of(now: datetime, folder: Path | None) -> Iterator[DoctorFinding]:
    """Compares the clock with the newest file, which cannot be from the future; uses no time server.

    An archive with a future date in its name was made while a clock was wrong, so it is ignored.
    """
    moment = f"{now:%Y-%m-%d %H:%M} UTC"
    files = _ours(folder) if folder else []
    written = [each.stat().st_mtime for each in files if not is_ahead(moment_in(each.name) or now, now)]
    newest = datetime.fromtimestamp(max(written), UTC) if written else now
    if not EARLIEST < now < LATEST:
        yield fix(
            "clock", f"it is {moment} here, which cannot be. Set the clock; links and sessions depend on it"
        )
    elif newest > now + timedelta(minutes=5):
        yield fix(
            "clock", f"it is {moment} here, but a file was written {newest:%Y-%m-%d %H:%M}. Set the clock"
        )
    elif now - newest > SILENT:
        yield look(
            "clock",
            f"it is {moment} here, but no file was written for {(now - newest).days} days: this machine was off, or "
            "its clock is ahead. Compare it with another one; if it is ahead, set it before anything is written",
        )
    else:
        yield ok("clock", moment)


def memory(there: int | None) -> DoctorFinding:
    if there is None:
        return ok("memory", "this system does not say how much memory it has")
    said = f"{there // MEGABYTE} MB for one process with four threads"
    if there < MEMORY:
        return look("memory", f"{said}. A PDF report may run out of memory: 512 MB is better")
    return ok("memory", said)


def _memory() -> int | None:
    """Returns the memory of the machine, or the limit of our control group, in bytes."""
    found = []
    for path, amount in (("/proc/meminfo", _of_meminfo), ("/sys/fs/cgroup/memory.max", int)):
        read: Callable[[str], int] = amount
        try:
            found.append(read(Path(path).read_text()))
        except (OSError, ValueError):
            continue  # the file is missing, or contains "max"
    return min(found, default=None)


def _of_meminfo(text: str) -> int:
    return int(text.partition("MemTotal:")[2].split()[0]) * 1024


def mail_server(server: MailServer | None, *, connect: bool) -> DoctorFinding:
    if server is None:
        return ok("mail", "none is sent: ENGAGE_SMTP_HOST is not set")
    where = f"{server.host}:{server.port}"
    if not connect:
        return ok("mail", f"by {where}; engage doctor --mail also connects")
    from engage.messages.mail.post import NotSent, Post

    try:
        with Post(server, "localhost") as post:
            post.try_out()
    except NotSent as error:
        return fix("mail", f"{where} cannot be used: {error.words}")
    return ok("mail", f"{where} answers and accepts the sign-in" if server.user else f"{where} answers")
