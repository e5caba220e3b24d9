"""Reports, for `engage doctor`, a newer version that is known here. Engage itself asks no one for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engage import clock, release
from engage.operations.doctor.findings import DoctorFinding, look, ok

# A file that no one has written for this long is probably not fetched any more.
_STALE = timedelta(days=60)
_LONGEST = 4096
_WHAT = "new versions"


def examine(file: Path | None) -> Iterator[DoctorFinding]:
    """Compares this version with the first one in the file that the host points at."""
    if file is None:
        return
    try:
        with file.open(errors="replace") as opened:
            newest = release.number_in(opened.read(_LONGEST))
        age = clock.now() - datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        yield look(_WHAT, f"ENGAGE_NEWEST_FILE cannot be read ({error.strerror}): {file}")
        return
    here = release.number_in(release.version())
    if newest is None or here is None:
        yield look(_WHAT, f"{file} names no version, such as 1.2.3. Check what writes it")
    elif newest > here:
        yield look(_WHAT, f"{_said(newest)} is out, and this is {release.version()}. {_advice(here, newest)}")
    elif age > _STALE:
        yield look(_WHAT, f"{file} was last written {age.days} days ago. Check what fetches it")
    else:
        yield ok(_WHAT, f"{file} names none that is newer than this one")


def _said(number: tuple[int, ...]) -> str:
    *parts, since = number
    return ".".join(map(str, parts)) + (f"+{since}" if since else "")


def _advice(here: tuple[int, ...], newest: tuple[int, ...]) -> str:
    """Returns what the difference between the numbers promises, as docs/releasing.md says."""
    if newest[0] > here[0]:
        return "Read its notes before you upgrade: your setup may have to change"
    if newest[1] > here[1]:
        return "Upgrade as usual: docs/hosting.md, Upgrade"
    return "Upgrade as usual; nothing else changes: docs/hosting.md, Upgrade"
