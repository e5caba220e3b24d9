"""Tests the pages about hosting: their links, and each command of the first one, typed in a fresh Debian."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from engage.config import ROOT
from tests.messages.smtp import closed_port

DOCS = ROOT / "docs"
FIRST = DOCS / "hosting.md"
PAGES = [FIRST, *sorted((DOCS / "hosting").glob("*.md"))]
# These need systemd, or a name that others can look up, for which Caddy gets a certificate when it is reloaded.
NEEDS_A_MACHINE = ("systemctl ", "journalctl ")
# `make install` and packages call it all the same.
NO_SYSTEMD = '#!/bin/sh\necho "$@" >> /var/log/systemctl.log\n'
# rclone asks for the storage; a folder stands in for one at another company.
ANSWERED = {
    "rclone --config /etc/engage/rclone.conf config": "rclone --config /etc/engage/rclone.conf config create away alias"
    " remote=/mnt/away",
}
OUTSIDE = """
set -e
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev"
exec chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  DEBIAN_FRONTEND=noninteractive bash -e /root/typed
"""


def lines_of(page: Path) -> list[str]:
    return [
        line
        for block in re.findall(r"```bash\n(.*?)```", page.read_text(), re.S)
        for line in block.splitlines()
    ]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_first_page_is_read_in_five_minutes() -> None:
    assert len(FIRST.read_text().split()) <= 900
    linked = re.findall(r"\]\(hosting/([\w-]+\.md)", FIRST.read_text())
    assert {page.name for page in PAGES[1:]} == set(linked)


def test_each_link_in_the_documentation_leads_somewhere() -> None:
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", page.read_text()):
            name, _hash, anchor = target.partition("#")
            there = (page.parent / name).resolve() if name else page
            assert there.exists(), f"{page.name}: {target}"
            if anchor:
                assert anchor in anchors(there), f"{page.name}: {target}"


def test_what_messages_name_is_in_the_documentation() -> None:
    for file in (ROOT / "engage").rglob("*.py"):
        for page, heading in re.findall(r"(docs/[\w/-]+\.md), ([A-Z][\w ]+)", file.read_text()):
            heads = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(), re.M)
            assert any(heading.startswith(head) for head in heads), f"{file.name}: {page}, {heading}"


@pytest.fixture
def debian(tmp_path: Path) -> Iterator[Path]:
    """Makes a Debian with nothing but its base, which gets its packages and Python's from where this machine does."""
    root = tmp_path / "debian"
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=ca-certificates", "trixie", root],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ca-here.crt")
    index = os.environ.get("PIP_INDEX_URL", "")
    (root / "etc/pip.conf").write_text(
        f"[global]\ncert = /etc/ca-here.crt\n{f'index-url = {index}' if index else ''}\n"
    )
    for place, text in {
        "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
        "usr/local/bin/systemctl": NO_SYSTEMD,
    }.items():
        (root / place).write_text(text)
        (root / place).chmod(0o755)
    (root / "mnt/away").mkdir()
    (root / "mnt/away").chmod(0o777)
    yield root
    shutil.rmtree(root)


def _published(folder: Path, version: str) -> None:
    """Writes what a release has at its address: the source, and its sum."""
    folder.mkdir(parents=True)
    file = folder / f"engage-{version}.tar.gz"
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    with tarfile.open(file, "w:gz", compresslevel=1) as archive:
        for name in filter(None, names.split("\0")):
            archive.add(ROOT / name, f"engage-{version}/{name}")
    (folder / "SHA256SUMS").write_text(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n")


def _typed(line: str, versions: Iterator[str], port: int) -> list[str]:
    """Returns what stands for a line of the page, and what systemd would have done at it."""
    words = line.split(" #")[0].rstrip()
    if words.startswith("ADDRESS="):
        version = next(versions)
        return [f"ADDRESS=file:///srv/{version} VERSION={version} NAME=coalition.example.org", "cd /root"]
    if words == "systemctl start engage-backup.service":
        copies = re.findall("^ExecStartPost=(.+)$", (DOCS / "hosting" / "away.conf").read_text(), re.M)
        as_engage = "setpriv --reuid engage --regid engage --clear-groups env HOME=/tmp"
        return ["engage backup", *(f"{as_engage} {each}" for each in copies)]
    if words.startswith("systemctl reload caddy"):
        return ["caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile"]
    if words.startswith("journalctl "):
        return [
            f"engage serve --port {port} > /root/serve.log 2>&1 & serving=$!",
            "until grep 'Set up Engage here (once): https://coalition.example.org/setup/' /root/serve.log;"
            " do kill -0 $serving; sleep 0.2; done",
            f"curl -fsS --retry 30 --retry-delay 1 --retry-connrefused http://127.0.0.1:{port}/healthz",
            "kill $serving; wait $serving || true",
        ]
    if words.startswith(NEEDS_A_MACHINE):
        return []
    if words.startswith("mv /var/lib/engage/engage.db"):
        return [words, "FILE=$(ls -t /var/lib/engage/backups/* | head -n 1)"]
    if words == "engage doctor":
        return ["code=0; engage doctor || code=$?; test $code -le 2"]
    return [re.sub(r"\bFILE\b", '"$FILE"', ANSWERED.get(words, words))]


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.real_clock
def test_each_command_of_the_first_page_works_in_a_fresh_debian(
    debian: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ("first", "second"):
        _published(debian / "srv" / version, version)
    versions, port = iter(("first", "second")), closed_port()
    script, told = ["exec 2>&1"], []
    for line in lines_of(FIRST):
        for words in _typed(line, versions, port):
            told.append(words)
            script += [f"echo {json.dumps('::began ' + str(len(told)))} $(date +%s)", words]
    script.append("echo ::began end $(date +%s)")
    (debian / "root" / "typed").write_text("\n".join(script) + "\n")
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", OUTSIDE, "sh", debian],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    said = done.stdout
    assert "engage-first.tar.gz: OK" in said and "engage-second.tar.gz: OK" in said
    assert re.search(r"fix +database: .*restore", said), said[-3000:]
    assert list((debian / "mnt/away/engage").iterdir())
    assert (debian / "opt/engage").resolve().name == "engage-second"
    assert "daemon-reload" in (debian / "var/log/systemctl.log").read_text()
    last = said.rsplit("::began", 2)[1]
    assert re.search("^ok +newest backup", last, re.M) and not re.search("^fix", last, re.M), last
    moments = [int(each) for each in re.findall(r"^::began \w+ (\d+)$", said, re.M)]
    with capsys.disabled():
        print(f"\nThe commands of docs/hosting.md took {moments[-1] - moments[0]} seconds:")
        for words, began, ended in zip(told, moments, moments[1:], strict=False):
            if ended - began >= 2:
                print(f"{ended - began:4}  {words}")
