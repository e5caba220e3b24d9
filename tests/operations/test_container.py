"""Tests the image: it is really built and its server really started, as another user and with data in one volume.

There is no registry in the tests: debootstrap makes the base that the Containerfile names, and buildah builds and runs
in a chroot. That does not enforce the read-only file system which compose.yaml asks for, so a test looks for what the
image's user could write. Another one runs the server and its jobs as compose.yaml says, with podman and runc.
"""

import json
import os
import re
import resource
import shlex
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import yaml

from engage.config import ROOT
from engage.release import VERSION
from tests.messages.smtp import closed_port

pytestmark = [pytest.mark.real_clock]
FOLDER = ROOT / "docs" / "hosting" / "container"
USER = 10001
# Megabytes: Engage with its libraries (typst alone has 65), and all that comes on top of the base, Python included.
ENVIRONMENT_MOST, ADDED_MOST = 235, 290
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Image:
    """A built image in a store of its own, and a container of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = [
            "--storage-driver",
            "vfs",
            "--root",
            str(folder / "store"),
            "--runroot",
            str(folder / "run"),
        ]
        limits = ((name, resource.getrlimit(kind)[0]) for name, kind in LIMITS.items())
        self.limits = [word for name, most in limits for word in ("--ulimit", f"{name}={most}:{most}")]
        self.container = ""

    def build(self) -> None:
        base = self.folder / "base"
        done("debootstrap", "--variant=minbase", "trixie", base)
        with tarfile.open(self.folder / "base.tar", "w") as archive:
            archive.add(base, arcname=".")
        done("podman", *self.store, "import", self.folder / "base.tar", "debian:trixie-slim")
        pip = self.folder / "pip.conf"
        index = os.environ.get("PIP_INDEX_URL", "")
        pip.write_text(f"[global]\ncert = /mnt/certificates\n{f'index-url = {index}' if index else ''}\n")
        places = ["--volume", f"{pip}:/etc/pip.conf:ro", "--volume", f"{CERTIFICATES}:/mnt/certificates:ro"]
        at = ["--isolation", "chroot", "--network", "host", "--pull-never", *self.limits, *places]
        done(
            "buildah",
            *self.store,
            "bud",
            "--format",
            "docker",
            *at,
            "-f",
            FOLDER / "Containerfile",
            "-t",
            "engage",
            ROOT,
        )
        self.container = done("buildah", *self.store, "from", "--pull-never", *self.limits, "engage").strip()

    def command(self, data: Path, *words: str) -> list[str]:
        at = ["--isolation", "chroot", "--network", "host", "--volume", f"{data}:/data"]
        return ["buildah", *self.store, "run", *at, self.container, "--", *words]

    def said(self, data: Path, *words: str) -> str:
        run = subprocess.run(self.command(data, *words), capture_output=True, text=True, timeout=120)
        return run.stdout + run.stderr

    def megabytes(self, name: str) -> int:
        size = done("podman", *self.store, "image", "inspect", name, "--format", "{{.Size}}")
        return int(size) // 1_000_000

    @contextmanager
    def serving(self, data: Path) -> Iterator[int]:
        """Starts it as the image does, but on a free port; ends with everything that was started."""
        port = closed_port()
        start = f"{START.removesuffix(' --host 0.0.0.0')} --port {port}"
        with (self.folder / "serve.log").open("a") as log:
            running = subprocess.Popen(
                self.command(data, "sh", "-c", start), stdout=log, stderr=log, start_new_session=True
            )
            try:
                yield port
            finally:
                os.killpg(running.pid, 15)
                running.wait(30)

    @contextmanager
    def composed(self, kind: str, folder: Path) -> Iterator[list[str]]:
        """Starts `engage` and `jobs` by podman-compose from an image of this format; yields the way to call podman."""
        shutil.copytree(FOLDER, folder)
        (folder / ".env").write_text("ENGAGE_SITE=localhost\n")
        podman = folder / "podman"
        words = ["podman", *self.store, "--runtime", "runc", "--cgroup-manager", "cgroupfs"]
        podman.write_text(f'#!/bin/sh\nexec {" ".join(words)} "$@"\n')
        podman.chmod(0o755)
        done("buildah", *self.store, "commit", "--format", kind, self.container, "engage")
        up = ["podman-compose", "--podman-path", podman, "up", "-d", "--no-build", "engage", "jobs"]
        running = subprocess.Popen([str(word) for word in up], cwd=folder)
        try:
            # podman leaves the checks to systemd's timers, of which there are none here.
            until = monotonic() + 300
            while running.poll() is None and monotonic() < until:
                subprocess.run([podman, "healthcheck", "run", "engage_engage_1"], capture_output=True)
                sleep(0.5)
            yield [str(podman)]
        finally:
            running.kill()
            done(podman, "rm", "--all", "--force", "--time", "5", "--volumes")
            done(podman, "network", "rm", "--force", "engage_default")


LIMITS = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
(START,) = re.findall(r'^CMD \["sh", "-c", "(.+)"\]$', (FOLDER / "Containerfile").read_text(), re.MULTILINE)


def done(*words: object) -> str:
    run = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return run.stdout


def answer(port: int, path: str = "/healthz") -> str:
    until = monotonic() + 120
    while True:
        try:
            return str(urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).read().decode())
        except (URLError, ConnectionError):
            if monotonic() > until:
                raise
            sleep(0.5)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    made = Image(tmp_path_factory.mktemp("image"))
    made.build()
    yield made
    shutil.rmtree(made.folder)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    os.chown(made, USER, USER)
    # Every folder above may be passed through by the image's user.
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o001 == 0:
            folder.chmod(folder.stat().st_mode | 0o011)
    return made


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_the_image_serves_as_its_own_user_and_keeps_everything_in_its_volume(
    image: Image, data: Path
) -> None:
    assert image.said(data, "engage", "--version").startswith(f"Engage {VERSION}")
    with image.serving(data) as port:
        assert answer(port).strip() == "ok"
        kept = {path.name: path.stat() for path in data.iterdir()}
    assert {"engage.db", "secret_key"} <= set(kept)
    assert {(each.st_uid, each.st_mode & 0o077) for each in kept.values()} == {(USER, 0)}
    assert image.said(data, "id", "-u").strip() == str(USER)
    looks = r"find /opt /etc /usr /var /home -xdev -writable ! -type l 2>/dev/null"
    writable = image.said(data, "sh", "-c", f"{looks}; true").split()
    assert set(writable) <= {"/var/tmp", "/var/lock"}
    # It may write no compiled file, so a library's and Engage's are there.
    looks = "find /opt/engage/.venv -name '*.pyc' | grep -E '/(waitress/__pycache__/server|engage/__pycache__/cli)[.]'"
    assert len(image.said(data, "sh", "-c", looks).split()) == 2
    # The volume outlives the container: a second start finds the same installation, and a backup is one command.
    image.said(data, "engage", "backup")
    (archive,) = (data / "backups").iterdir()
    assert "pages answer" in image.said(data, "engage", "restore", "--check", f"/data/backups/{archive.name}")


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_the_image_holds_no_secret_and_nothing_of_an_installation(image: Image, data: Path) -> None:
    looks = "find /opt /tmp /root /home '(' -name 'secret_key*' -o -name '*.db' -o -name .git ')' 2>/dev/null"
    found = image.said(data, "sh", "-c", f"{looks}; true")
    assert found.strip() == ""
    assert not re.search(r"(?i)secret|password|token", image.said(data, "env"))


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_what_the_image_adds_to_its_base_is_small_and_nothing_that_builds_or_installs(
    image: Image, data: Path
) -> None:
    """The base is a stand-in for Debian's own, which is smaller; so only what comes on top is measured."""
    asked = "import importlib.metadata as it; print(*(each.name for each in it.distributions()))"
    there = set(image.said(data, "python", "-c", asked).split())
    assert "Flask" in there or "flask" in there
    assert not {"pip", "setuptools", "wheel", "aiosmtpd", "attrs", "atpublic"} & there
    environment = int(image.said(data, "du", "-sm", "/opt/engage/.venv").split()[0])
    base, whole = (image.megabytes(name) for name in ("debian:trixie-slim", "engage"))
    assert environment <= ENVIRONMENT_MOST and whole - base <= ADDED_MOST, (environment, base, whole)
    # Libraries whose symbols were taken away can still be loaded and used.
    loads = "import psycopg, cryptography.hazmat.bindings._rust, typst, pyrage, pysqlite3, brotli, argon2; print('ok')"
    assert image.said(data, "python", "-c", loads).strip() == "ok"


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_two_images_on_one_volume_both_answer_and_neither_restores_under_the_other(
    image: Image, data: Path
) -> None:
    with image.serving(data) as first, image.serving(data) as second:
        assert (answer(first).strip(), answer(second).strip()) == ("ok", "ok")
        image.said(data, "engage", "backup")
        (archive,) = (data / "backups").iterdir()
        said = image.said(data, "engage", "restore", "--yes", f"/data/backups/{archive.name}")
    assert "Engage runs" in said or "is running" in said, said


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("another user", "Permission denied"),
        ("a newer schema", "from a newer Engage than this one"),
        ("full", "full"),
    ],
)
def test_a_volume_that_cannot_be_used_is_said_in_a_line(
    image: Image, data: Path, trouble: str, words: str
) -> None:
    if trouble == "another user":
        os.chown(data, 0, 0)
    elif trouble == "a newer schema":
        image.said(data, "engage", "init")
        with sqlite3.connect(data / "engage.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
    else:
        done("mount", "-t", "tmpfs", "-o", f"size=1m,uid={USER},mode=700", "tmpfs", data)
    try:
        # It would wait for a person without an end.
        said = image.said(data, "sh", "-c", f"sleep() {{ echo waits; }}; {START}")
    finally:
        if trouble == "full":
            done("umount", data)
    lines = [
        line for line in said.splitlines() if "subprocess exited" not in line and "exit status" not in line
    ]
    # A disk that was full may have room when the container is started again.
    waits = [] if trouble == "full" else ["waits"]
    (error,) = (line for line in lines if line != "waits")
    assert words in error and lines.count("waits") == len(waits), said


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", ["docker", "oci"])
def test_compose_starts_its_jobs_in_a_real_runtime_whatever_the_images_format(
    image: Image, tmp_path: Path, kind: str
) -> None:
    """podman's own format has no health check, for which `jobs` would wait without an end."""
    with image.composed(kind, tmp_path / "compose") as podman:
        own = done(*podman, "image", "inspect", "engage", "--format", "{{json .HealthCheck}}")
        assert ("/healthz" in own) is (kind == "docker")
        states = done(*podman, "ps", "--format", "{{.Names}} {{.Status}}").splitlines()
        assert sorted(line.split()[:2] for line in states) == [
            ["engage_engage_1", "Up"],
            ["engage_jobs_1", "Up"],
        ]
        assert "(healthy)" in states[0] + states[1]
        said = subprocess.run(
            [*podman, "exec", "engage_engage_1", "engage", "doctor"], capture_output=True, text=True
        ).stdout
        assert "backup: there is none yet. Type: engage backup, and start the container jobs" in said
        assert not re.search("timer|journalctl|systemctl", said)


def services(*names: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name in names:
        for service, settings in yaml.safe_load((FOLDER / name).read_text())["services"].items():
            found[service] = {**found.get(service, {}), **settings}
    return found


def test_compose_gives_the_server_nothing_to_write_but_its_volume() -> None:
    for name in ("engage", "jobs"):
        service = services("compose.yaml")[name]
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["data:/data"]
        assert "no-new-privileges:true" in list(service["security_opt"])  # type: ignore[call-overload]
        assert "ports" not in service


def test_what_compose_names_is_there() -> None:
    files = [
        yaml.safe_load((FOLDER / name).read_text()) for name in ("compose.yaml", "compose.postgres.yaml")
    ]
    volumes = {name for file in files for name in file["volumes"]}
    together = services("compose.yaml", "compose.postgres.yaml")
    build: dict[str, str] = together["engage"]["build"]  # type: ignore[assignment]
    assert (FOLDER / build["context"]).resolve() == ROOT and (ROOT / build["dockerfile"]).is_file()
    mounted = [str(each) for service in together.values() for each in list(service["volumes"])]  # type: ignore[call-overload]
    for source in {each.split(":")[0] for each in mounted}:
        assert (FOLDER / source).is_file() if source.startswith(".") else source in volumes, source
    # `jobs` waits for a health check that is the image's own: a program of the image asks for a page of Engage.
    check = re.search(
        r"^HEALTHCHECK .*CMD \[\"(\w+)\".*?(/healthz)", (FOLDER / "Containerfile").read_text(), re.M
    )
    assert check and check.groups() == ("python", "/healthz")
    assert "healthcheck" in together["postgres"]
    # It is compose's, too, because not every image that podman builds holds one. It is no list, of which podman-compose
    # would lose the quotes.
    again = dict(together["engage"]["healthcheck"])["test"]  # type: ignore[call-overload]
    (own,) = re.findall(r"^HEALTHCHECK .*CMD (\[.+\])$", (FOLDER / "Containerfile").read_text(), re.M)
    assert shlex.split(again) == json.loads(own)
    caddy = (FOLDER / "../Caddyfile").read_text()
    assert all(f"{{${name}:" in caddy for name in dict(together["caddy"]["environment"]))  # type: ignore[call-overload]


def test_the_jobs_of_compose_begin_at_the_full_hour_however_long_the_last_ones_took() -> None:
    """Else the hour of the backup would be missed some night."""
    _shell, _option, loop = list(services("compose.yaml")["jobs"]["command"])  # type: ignore[call-overload]
    ten_seconds_to_eight = """
        date() { case $* in +%s) echo 28790 ;; *) echo 08 ;; esac; }
        sleep() { test -z "$slept" || exit 0; slept=yes; echo "sleep $1"; }
        engage() { echo "engage $1"; }
    """
    ran = subprocess.run(
        ["sh", "-c", ten_seconds_to_eight + str(loop).replace("$$", "$")],
        env={"PATH": os.environ["PATH"], "ENGAGE_SMTP_HOST": "mail.example.org"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == ["sleep 10", "engage remind", "engage tick", "engage backup"]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_compose_holds_no_secret_and_only_settings_that_there_are(name: str) -> None:
    text, known = (FOLDER / name).read_text(), (ROOT / "docs" / "hosting" / "settings.md").read_text()
    for setting in set(re.findall(r"ENGAGE_[A-Z_]+", text)) - {"ENGAGE_SITE", "ENGAGE_AT"}:
        assert f"`{setting}`" in known
    values = re.sub(r"\$\{[^}]*\}|#.*", "", text)
    assert not re.search(r"(?i)password\"?\s*[:=]\s*\"?\w", values)


@pytest.mark.parametrize(
    ("code", "said", "ends"),
    [(0, "init\nserve --host 0.0.0.0\n", 0), (1, "init\n", 1), (2, "init\nwaits\n", 1)],
    ids=["prepared", "a database that may come yet", "what only a person can fix"],
)
def test_the_image_waits_for_a_person_where_another_start_would_not_help(
    tmp_path: Path, code: int, said: str, ends: int
) -> None:
    (tmp_path / "engage").write_text(f'#!/bin/sh\necho "$@"\ntest "$1" != init || exit {code}\n')
    (tmp_path / "sleep").write_text("#!/bin/sh\necho waits\n")
    for program in tmp_path.iterdir():
        program.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(["sh", "-c", START], env=path, capture_output=True, text=True, timeout=30)
    assert (ran.stdout, ran.returncode) == (said, ends)


def test_the_page_about_the_container_names_each_file_and_each_service() -> None:
    page = (ROOT / "docs" / "hosting" / "container.md").read_text()
    names: Sequence[str] = [
        *services("compose.yaml", "compose.postgres.yaml"),
        "compose.postgres.yaml",
        ".env",
    ]
    assert all(f"`{name}`" in page for name in names)
    built = re.findall(r"^podman build .*", page, re.M)
    assert built and all("--format docker" in each for each in built), (
        "podman's own format keeps no health check"
    )
    both = re.search(r"COMPOSE_FILE=(\S+)", page)
    assert both and all((FOLDER / name).is_file() for name in both[1].split(":"))
