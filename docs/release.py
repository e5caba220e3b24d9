"""Builds a release into dist/: wheel, source archive, requirements, list of packages, YunoHost package, notes, sums.

    python docs/release.py [--to dist] [--sbom build/engage.cdx.json]

It copies what git tracks into a folder of its own, so that nothing else of the checkout gets in, writes version,
commit and day beside the code, and has setuptools build there, without a download. `make release` first makes the
list of packages, whose licenses this adds. Nothing in the files depends on when or where they are made.
"""

import argparse
import gzip
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engage import release

ROOT = Path(__file__).resolve().parent.parent
# setuptools changes argv.
_BUILD = "import sys; to = sys.argv[1]; from setuptools import build_meta as it; it.build_sdist(to); it.build_wheel(to)"
# These do not name their license in what pip reads: its name, and the file in which it stands.
BY_HAND = {
    "brotlicffi": ("MIT", "LICENSE in its source archive; only Pythons other than CPython install it"),
    "pyrage": ("MIT", "pyrage-{version}.dist-info/licenses/LICENSE in its wheel"),
    "pysqlite3": ("Zlib", "pysqlite3-{version}.dist-info/licenses/LICENSE in its wheel"),
}
_PROMISES = {
    "major": "Read *Before you upgrade* below first: your settings, files or habits may have to change.",
    "minor": "Upgrade as usual. The database is backed up and upgraded on the way.",
    "patch": "Upgrade as usual; nothing else changes for you or the people who use it.",
    "none": "This is no release: it is what comes after one, with its last commits. Use it to try things.",
}


class Made:
    """What is the same in all files of this build."""

    def __init__(self) -> None:
        self.commit = _git("rev-parse", "HEAD")
        self.moment = int(_git("log", "-1", "--format=%ct"))
        self.day = str(datetime.fromtimestamp(self.moment, UTC).date())
        self.since = int(_git("rev-list", "--count", f"v{release.VERSION}..HEAD"))
        self.version = f"{release.VERSION}+{self.since}" if self.since else release.VERSION
        self.named = f"Engage {self.version}, commit {self.commit[: release.COMMIT_LENGTH]}, {self.day}"

    @property
    def promise(self) -> str:
        _major, minor, patch = release.VERSION.split(".")
        kind = "none" if self.since else "patch" if patch != "0" else "minor" if minor != "0" else "major"
        return _PROMISES[kind]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    parser.add_argument("--sbom", type=Path, default=ROOT / "build" / "engage.cdx.json")
    given = parser.parse_args()
    _refuse(given.to)
    made = Made()
    changes = _changes(made)
    given.to.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        source = Path(folder) / "engage"
        _copied(source, made)
        # A wheel and a source archive of the same files and moment are the same, byte for byte.
        moment = {**os.environ, "SOURCE_DATE_EPOCH": str(made.moment), "PYTHONPATH": ""}
        command = [sys.executable, "-c", _BUILD, given.to.resolve()]
        subprocess.run(command, cwd=source, env=moment, check=True, stdout=subprocess.DEVNULL)
    beside = given.to / f"engage-{made.version}"
    _settle(Path(f"{beside}.tar.gz"), made)
    with TemporaryDirectory() as folder:
        package = Path(folder) / "engage_ynh"
        yunohost(package, made.version, Path(f"{beside}.tar.gz"))
        _pack(package, Path(f"{beside}-yunohost.tar.gz"), made)
    lock = (ROOT / "requirements" / "run.txt").read_text()
    Path(f"{beside}-requirements.txt").write_text(f"# {made.named}\n{lock}")
    Path(f"{beside}.cdx.json").write_text(_packages(given.sbom, made))
    Path(f"{beside}-notes.md").write_text(_notes(made, changes))
    # The whole content of this file is the number, for whoever asks for the newest one.
    (given.to / "newest.txt").write_text(f"{made.version}\n")
    files = sorted(given.to.iterdir())
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (given.to / "SHA256SUMS").write_text(f"# {made.named}\n{sums}")
    print(made.named, sums, sep="\n", end="")


def _refuse(to: Path) -> None:
    """Ends with one line that says what to do first."""
    if not re.fullmatch(r"https://[^\s{}]+\{version\}[^\s{}]*", release.DOWNLOADS):
        sys.exit(
            "No one can know where to download this: write the address, with {version} in it, as DOWNLOADS into "
            "engage/release.py. Commit that, then type: make release"
        )
    if _git("status", "--porcelain"):
        sys.exit("There are changes that are not committed. Commit them, then type: make release")
    if to.exists() and any(to.iterdir()):
        sys.exit(f"{to} holds an earlier release. Move it away, then type: make release")
    if not _git("tag", "--list", f"v{release.VERSION}"):
        sys.exit(
            f"There is no tag v{release.VERSION}, so no one can tell this release from what comes after it. Type: "
            f'git tag -a v{release.VERSION} -m "Engage {release.VERSION}"'
        )


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _copied(target: Path, made: Made) -> None:
    """Copies what git tracks, with the version of this commit and its name and day beside the code."""
    for name in filter(None, _git("ls-files", "-z").split("\0")):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    code = target / "engage" / "release.py"
    code.write_text(
        re.sub(r'(?m)^VERSION = "[^"]*"$', f'VERSION = "{made.version}"', code.read_text(), count=1)
    )
    (target / "engage" / "commit.txt").write_text(f"{made.commit} {made.day}\n")
    for file in [*target.rglob("*"), target]:
        os.utime(file, (made.moment, made.moment))


def yunohost(to: Path, version: str, source: Path) -> None:
    """Writes the package for YunoHost into this folder: it downloads this source archive, and runs the same units."""
    hosting = ROOT / "docs" / "hosting"
    shutil.copytree(hosting / "yunohost", to)
    shutil.copy(ROOT / "LICENSE", to)
    manifest = to / "manifest.toml"
    filled = {
        "@VERSION@": version,
        "@ADDRESS@": release.DOWNLOADS.format(version=version),
        "@SHA256@": hashlib.sha256(source.read_bytes()).hexdigest(),
    }
    text = manifest.read_text()
    for name, value in filled.items():
        text = text.replace(name, value)
    manifest.write_text(text)
    # The unit for a second process is left out: YunoHost gives an app one port.
    for file in (*hosting.rglob("*.service"), *hosting.rglob("*.timer"), hosting / "engage"):
        if file.name != "engage@.service":
            text = file.read_text().replace("/opt/engage", "__INSTALL_DIR__")
            (to / "conf" / file.name).write_text(
                text.replace('engage" serve', 'engage" serve --port __PORT__')
            )


def _settle(file: Path, made: Made) -> None:
    """Writes a source archive again without what differs between two builds."""
    with TemporaryDirectory() as folder:
        with tarfile.open(file) as packed:
            packed.extractall(folder, filter="tar")
        (top,) = Path(folder).iterdir()
        _pack(top, file, made)


def _pack(top: Path, file: Path, made: Made) -> None:
    """Writes an archive of this folder without what differs between two builds: times and owners of files."""

    def settled(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = made.moment, 0, 0, "", ""
        entry.pax_headers = {}
        return entry

    with gzip.GzipFile(file, "wb", mtime=made.moment) as zipped:  # noqa: SIM117 - the one is in the other
        with tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as packed:
            packed.add(top, top.name, filter=settled)


def _changes(made: Made) -> str:
    """Returns the section of CHANGELOG.md about this version. Ends the program if there is none."""
    sections = (ROOT / "CHANGELOG.md").read_text().split("\n## ")[1:]
    head, _newline, text = sections[0].partition("\n")
    if not made.since and not head.startswith(f"{made.version} "):
        sys.exit(
            f"CHANGELOG.md begins with {head!r}. Give it the heading: ## {made.version} · {made.day}. "
            "Commit that and set the tag again, then type: make release"
        )
    return text.strip()


def _notes(made: Made, changes: str) -> str:
    """Returns what is published beside the files: what this is, where it is, how to check it, and what changed."""
    address = release.DOWNLOADS.format(version=made.version)
    return (
        f"# {made.named}\n\n{made.promise}\n\n"
        f"Its files are at {address}. Type `ADDRESS={address} VERSION={made.version}`, then the commands of "
        "docs/hosting.md, *Install* or *Upgrade*; `sha256sum --ignore-missing -c SHA256SUMS` checks them.\n\n"
        f"## Changes\n\n{changes}\n"
    )


def _packages(file: Path, made: Made) -> str:
    """Returns the list of packages that `make sbom` made, with this version and the license of each package."""
    said: dict[str, Any] = json.loads(file.read_text())
    said["metadata"]["component"]["version"] = made.version
    said["metadata"]["properties"] += [
        {"name": "engage:commit", "value": made.commit},
        {"name": "engage:day", "value": made.day},
    ]
    for each in said["components"]:
        name, version = each["name"], each["version"]
        if name in BY_HAND:
            license_, where = BY_HAND[name]
            each["licenses"] = [{"license": {"id": license_}}]
            place = {"name": "engage:license-stands-in", "value": where.format(version=version)}
            each["properties"] = [*each.get("properties", []), place]
        else:
            each["licenses"] = [_license(importlib.metadata.metadata(name))]
    return json.dumps(said, indent=1, sort_keys=True) + "\n"


def _license(said: Any) -> dict[str, object]:
    """Returns what a package says about its license: an expression, else a name."""
    if expression := said.get("License-Expression"):
        return {"expression": expression}
    named = said.get("License") or ""
    kinds = [
        each.split(" :: ")[-1] for each in said.get_all("Classifier") or [] if each.startswith("License :: ")
    ]
    if len(named) >= 40:  # the field holds the whole text
        named = ""
    if not named and not kinds:
        sys.exit(f"The license of {said['Name']} is not known. Write it into BY_HAND of docs/release.py.")
    return {"license": {"name": named or kinds[-1]}}


if __name__ == "__main__":
    main()
