"""Tests that a failed night is mailed to a person, also by Debian's own mail programs and within the unit's limits."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engage import cli, settings
from engage.config import ROOT
from engage.operations.doctor import checks, place
from engage.operations.doctor.findings import DoctorFinding
from tests.messages.smtp import Taken, closed_port, taking

pytestmark = pytest.mark.real_clock
UNIT = (ROOT / "docs" / "hosting" / "systemd" / "engage-failed@.service").read_text()
TO = "host@example.org"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    for name in settings.NAMES:
        monkeypatch.delenv(name, raising=False)
    with taking() as taken:
        for name, value in {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(taken.port),
            "SMTP_TLS": "none",
            "SMTP_FROM": "Engage <engage@example.org>",
            "ALARM_TO": TO,
        }.items():
            monkeypatch.setenv(f"ENGAGE_{name}", value)
        yield taken


def alarm() -> Result:
    return CliRunner().invoke(cli.main, ["alarm", "engage-backup"])


@pytest.mark.parametrize(
    ("name", "value"), [("", ""), ("ENGAGE_LOG", "loud"), ("ENGAGE_DATABASE_URL", "mysql://")]
)
def test_a_failed_night_is_mailed_also_if_a_setting_is_why(
    server: Taken, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    if name:
        monkeypatch.setenv(name, value)
    done = alarm()
    assert (done.exit_code, done.output) == (0, f"The mail to {TO} was accepted.\n")
    [mail] = server.mails
    assert server.recipients == [TO]
    assert mail["Subject"].startswith("engage-backup failed on ")
    assert "journalctl -u engage-backup -n 20" in mail.get_content()


def test_where_no_one_is_to_be_told_no_mail_goes_out(server: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENGAGE_ALARM_TO")
    assert (alarm().exit_code, server.mails) == (0, [])


def test_an_alarm_that_cannot_ring_says_why(server: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    server.refused[TO] = "550 No such mailbox"
    done = alarm()
    assert (done.exit_code, done.output) == (
        1,
        f"Error: The mail to {TO} was not sent: RCPT TO: 550 No such mailbox\n",
    )
    monkeypatch.setenv("ENGAGE_SMTP_PORT", str(closed_port()))
    assert "Connection refused" in alarm().output
    monkeypatch.setenv("ENGAGE_ALARM_TO", "the host")
    assert "ENGAGE_ALARM_TO must be one address" in alarm().output


def test_in_a_container_the_doctor_speaks_of_its_jobs_and_of_no_timer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from engage.operations.doctor import database

    (tmp_path / "failed-engage-backup").touch()

    def advice() -> list[DoctorFinding]:
        return [database.backup(None), *checks.failed(tmp_path)]

    outside = " ".join(each.words for each in advice())
    assert "turn its timer on" in outside and "journalctl" in outside
    (tmp_path / ".containerenv").touch()
    monkeypatch.setattr(place, "_MARKS", (tmp_path / ".containerenv",))
    inside = " ".join(each.words for each in advice())
    assert "docker compose up -d jobs" in inside and "docker compose logs jobs" in inside
    assert not re.search("timer|journalctl|systemctl", inside)


def test_each_timers_work_rings_the_alarm_when_it_fails() -> None:
    for timer in (ROOT / "docs" / "hosting" / "systemd").glob("*.timer"):
        assert "\nOnFailure=engage-failed@%N.service\n" in timer.with_suffix(".service").read_text()


def test_the_hourly_checks_fail_only_for_what_must_be_fixed_and_not_for_their_own_failure(
    tmp_path: Path,
) -> None:
    checking = (ROOT / "docs" / "hosting" / "systemd" / "engage-doctor.service").read_text()
    assert "\nSuccessExitStatus=1\n" in checking
    (tmp_path / "failed-engage-doctor").touch()
    (tmp_path / "failed-engage-tick").touch()
    assert [each.what for each in checks.failed(tmp_path)] == ["engage-tick"]


def test_what_fails_every_hour_rings_once_a_day(tmp_path: Path) -> None:
    (condition,) = re.findall("^ExecCondition=(.+)$", UNIT, re.M)
    rings = shlex.split(condition.replace("%i", "engage-doctor").replace("/var/lib/engage", str(tmp_path)))
    assert subprocess.run(rings).returncode == 0
    told = tmp_path / "failed-engage-doctor"
    told.touch()
    assert subprocess.run(rings).returncode == 1
    yesterday = told.stat().st_mtime - 24 * 3600
    os.utime(told, (yesterday, yesterday))
    assert subprocess.run(rings).returncode == 0


# There is no systemd here, so what the unit asks for is made by hand: its user, no new rights (setpriv), and a file
# system that can only be read but for the data folder (a mount). The machine's own files are the lower layer of an
# overlay, in which the mail program is installed; its network has only the loopback. All of it goes with its processes.
OUTSIDE = """
set -e
cd "$1"
mount -t tmpfs tmpfs . && cd "$1" && mkdir up work root
mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
mount -t proc proc root/proc
mount -t tmpfs tmpfs root/tmp && mkdir -p root/etc/engage && chmod 1777 root/tmp
for each in /dev $SEEN; do mkdir -p root$each; mount --rbind $each root$each; done
for each in $SEEN; do
  until each=$(dirname $each); test $each = /; do chmod a+x root$each; done
done
printf '#!/bin/sh\\nexit 101\\n' > root/usr/sbin/policy-rc.d && chmod 755 root/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
install="apt-get install -y -qq --no-install-recommends $PACKAGE"
chroot root sh -c "$install || { apt-get update -qq && $install; }" >apt.log 2>&1 || { cat apt.log; exit 1; }
chroot root useradd --system --user-group --home-dir /var/lib/engage --shell /usr/sbin/nologin engage
chroot root useradd --create-home clerk
install -d -m 700 -o $(chroot root id -u engage) -g $(chroot root id -g engage) root/var/lib/engage
echo ENGAGE_ALARM_TO=clerk@localhost > root/etc/engage/engage.env
unshare --net sh -c "$INSIDE"
"""
INSIDE = """
set -e
chroot root python3 -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x41))'
chroot root $START
limits='setpriv --reuid engage --regid engage --init-groups --no-new-privs --bounding-set=-all --inh-caps=-all'
unshare --mount sh -ec "
  mount --bind root/var/lib/engage root/var/lib/engage
  mount -o remount,bind,ro root
  chroot root $limits sh -c 'touch /etc/engage/written 2>/dev/null && echo The limits are not there' || true
  echo test | timeout 3 chroot root $limits /usr/sbin/sendmail clerk@localhost 2>/dev/null || true
  chroot root $limits env -i PATH=/usr/bin:/bin $ENVIRONMENT sh -ec '$COMMANDS'
"
turn=0
until grep -q '^Subject: engage-backup failed' root/var/mail/clerk 2>/dev/null; do
  turn=$((turn + 1)); test $turn -lt 120 || break; sleep 0.25
done
cat root/var/mail/clerk; ls root/var/lib/engage
"""


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("package", "start"), [("exim4-daemon-light", "exim4 -bd -q1m"), ("postfix", "postfix start")]
)
def test_the_mail_of_a_failed_backup_arrives_within_the_units_limits(
    tmp_path: Path, package: str, start: str
) -> None:
    commands = [
        line.replace("%i", "engage-backup").replace(
            '"/opt/engage/.venv/bin/engage"', f"{sys.prefix}/bin/engage"
        )
        for line in re.findall("^ExecStart=(.+)$", UNIT, re.M)
    ]
    given = {
        "PACKAGE": package,
        "START": start,
        "INSIDE": INSIDE,
        "COMMANDS": "; ".join(commands),
        "ENVIRONMENT": " ".join(re.findall("^Environment=(.+)$", UNIT, re.M)),
        "SEEN": " ".join(sorted({str(ROOT), sys.prefix, sys.base_prefix})),
    }
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", OUTSIDE, "sh", tmp_path],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The mail to clerk@localhost was accepted." in done.stdout
    # By the program `sendmail`, which gains rights to hand a mail over, none arrives.
    assert done.stdout.count("\nSubject: ") == 1 and "Subject: engage-backup failed on " in done.stdout
    assert "The limits are not there" not in done.stdout
    assert "\nfailed-engage-backup\n" in done.stdout
