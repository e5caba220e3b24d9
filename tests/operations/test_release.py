"""A release is what git holds, with a name, and runs where no checkout is."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from click.testing import CliRunner

from engage import cli, languages, release
from engage.config import ROOT

pytestmark = pytest.mark.real_clock

ASKED = """
from engage import create_app
app = create_app()
page = app.test_client().get("/sign-in", follow_redirects=True)
assert page.status_code == 200, page.status
style = page.text.split('href="/static/app.')[1].split('"')[0]
assert app.test_client().get("/static/app." + style).status_code == 200
print(app.template_folder, app.config["FILES"])
"""

LANGUAGES = """
from engage import languages
languages.refuse_broken()
print(*languages.offered())
"""


def git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_command_says_version_commit_and_schema_where_nothing_is_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENGAGE_DATA", "/nowhere/at/all")
    done = CliRunner().invoke(cli.main, ["--version"])
    assert (done.exit_code, done.output) == (
        0,
        f"Engage {release.version()} (commit {git('rev-parse', 'HEAD')[:12]}, "
        f"{release.built().day}, schema {release.schemas()[-1]})\n",
    )


def test_a_commit_is_read_from_whatever_git_keeps_it_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "ROOT", tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".git" / "packed-refs").write_text(
        "# pack-refs\naaaa refs/heads/other\nbbbb refs/heads/main\n"
    )
    assert release._of_checkout() == "bbbb"
    (tmp_path / ".git" / "HEAD").write_text("cccc\n")
    assert release._of_checkout() == "cccc"
    monkeypatch.setattr(release, "ROOT", tmp_path / "nowhere")
    release.built.cache_clear()
    assert release.commit() == ""
    release.built.cache_clear()


def test_the_data_folder_knows_the_version_that_used_it(tmp_path: Path) -> None:
    assert release.version_in(tmp_path) == ""
    release.note(tmp_path)
    assert release.version_in(tmp_path) == release.version()


ADDRESS = "https://downloads.example.org/engage/{version}/files"


class Copy:
    """What git holds here, with what is not committed yet, as a repository of its own with an address to publish at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in git("ls-files", "--cached", "--others", "--exclude-standard").splitlines():
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("All of it")

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=Engage", "-c", "user.email=engage@example.org")
        done = subprocess.run(
            ["git", *who, *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)

    def replace(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new, 1))

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

    def release(self, to: Path, sbom: Path) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "docs/release.py", "--to", to, "--sbom", sbom)


def _head(copy: Copy) -> str:
    found = re.search(r"^## .+$", (copy.folder / "CHANGELOG.md").read_text(), re.M)
    assert found
    return found[0]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    made = Copy(tmp_path / "copy")
    made.replace("engage/release.py", f'DOWNLOADS = "{release.DOWNLOADS}"', f'DOWNLOADS = "{ADDRESS}"')
    made.replace("CHANGELOG.md", _head(made), f"## {release.VERSION} · 2026-12-03")
    made.commit("The release")
    made.git("tag", "-a", f"v{release.VERSION}", "-m", "Engage")
    return made


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_what_is_missing_for_a_release_is_said_in_a_line_and_nothing_is_made(
    tmp_path: Path, copy: Copy
) -> None:
    to, sbom = tmp_path / "dist", tmp_path / "none"

    def refused() -> str:
        done = copy.release(to, sbom)
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and not to.exists(), done.stderr
        return done.stderr

    copy.git("tag", "--delete", f"v{release.VERSION}")
    assert f"There is no tag v{release.VERSION}" in refused()
    (copy.folder / "README.md").write_text("changed")
    assert "not committed" in refused()
    copy.git("checkout", "--quiet", ".")
    copy.replace("CHANGELOG.md", f"## {release.VERSION} · 2026-12-03", "## Not released yet")
    copy.commit("Begin the next one")
    copy.git("tag", "-a", f"v{release.VERSION}", "-m", "Engage")
    assert "CHANGELOG.md begins with 'Not released yet'" in refused()
    for address in ("", "https://downloads.example.org/engage"):
        text = (copy.folder / "engage" / "release.py").read_text()
        text = re.sub("(?m)^DOWNLOADS = .*$", f'DOWNLOADS = "{address}"', text)
        (copy.folder / "engage" / "release.py").write_text(text)
        assert "No one can know where to download this: write the address" in refused()


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_two_builds_of_a_commit_have_the_same_bytes_and_each_file_says_which_it_is(
    tmp_path: Path, copy: Copy
) -> None:
    assert copy.run("make", "sbom", f"PYTHON={sys.executable}").returncode == 0
    sbom = copy.folder / "build" / "engage.cdx.json"
    builds = []
    for name in ("one", "two"):
        done = copy.release(tmp_path / name, sbom)
        assert done.returncode == 0, done.stderr
        builds.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
        for file in copy.folder.rglob("*.py"):
            file.touch()  # a checkout of another moment
    assert builds[0] == builds[1]
    files, version, commit = builds[0], release.VERSION, copy.git("rev-parse", "HEAD")
    day = copy.git("log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%d")
    of = f"engage-{version}"
    assert set(files) == {
        *(f"{of}-py3-none-any.whl", f"{of}.tar.gz", f"{of}-requirements.txt", f"{of}.cdx.json"),
        *(f"{of}-yunohost.tar.gz", f"{of}-notes.md", "newest.txt", "SHA256SUMS"),
    }
    checked = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path / "one", check=True)
    assert checked.returncode == 0
    said = f"Engage {version}, commit {commit[:12]}, {day}"
    for name in ("SHA256SUMS", f"{of}-requirements.txt", f"{of}-notes.md"):
        assert files[name].decode().splitlines()[0].removeprefix("# ") == said
    assert files["newest.txt"].decode() == f"{version}\n"
    with ZipFile(tmp_path / "one" / f"{of}-py3-none-any.whl") as wheel:
        inside = wheel.read("engage/commit.txt").decode()
    with tarfile.open(tmp_path / "one" / f"{of}.tar.gz") as archive:
        there = archive.extractfile(f"{of}/engage/commit.txt")
        assert there and there.read().decode() == inside == f"{commit} {day}\n"
    with tarfile.open(tmp_path / "one" / f"{of}-yunohost.tar.gz") as package:
        there = package.extractfile("engage_ynh/manifest.toml")
        manifest = tomllib.loads(there.read().decode()) if there else {}
        assert package.getmember("engage_ynh/scripts/install").mode & 0o111
    source = hashlib.sha256(files[f"{of}.tar.gz"]).hexdigest()
    main = {"url": f"{ADDRESS.format(version=version)}/{of}.tar.gz", "sha256": source}
    assert manifest["resources"]["sources"]["main"] == main and manifest["version"] == f"{version}~ynh1"
    notes = files[f"{of}-notes.md"].decode()
    assert ADDRESS.format(version=version) in notes and "### Before you upgrade" in notes
    listed = json.loads(files[f"{of}.cdx.json"])
    assert listed["metadata"]["component"]["version"] == version
    assert {"name": "engage:commit", "value": commit} in listed["metadata"]["properties"]
    assert all(each["licenses"] for each in listed["components"])


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_commit_after_a_release_says_how_many_there_are(tmp_path: Path, copy: Copy) -> None:
    (tmp_path / "none").write_text('{"metadata": {"component": {}, "properties": []}, "components": []}')
    for number in (1, 2):
        (copy.folder / "README.md").write_text(f"{number}")
        copy.commit("One more")
    asked = copy.run(sys.executable, "-c", "from engage.cli import main; main()", "--version")
    assert asked.stdout.startswith(f"Engage {release.VERSION}+2 (commit "), asked.stderr
    done = copy.release(tmp_path / "dist", tmp_path / "none")
    assert done.returncode == 0, done.stderr
    name = f"engage-{release.VERSION}+2"
    assert {f"{name}-py3-none-any.whl", f"{name}.tar.gz"} < {
        file.name for file in (tmp_path / "dist").iterdir()
    }
    archive = (tmp_path / "dist" / f"{name}.tar.gz").read_bytes()
    with ZipFile(tmp_path / "dist" / f"{name}-py3-none-any.whl") as wheel:
        assert f'VERSION = "{release.VERSION}+2"' in wheel.read("engage/release.py").decode()
    assert "This is no release" in (tmp_path / "dist" / f"{name}-notes.md").read_text()
    # The page's own lines fetch, check and unpack it, both for a new server and over an earlier version.
    page = (ROOT / "docs" / "hosting.md").read_text()
    for number, title in enumerate(("## Install", "## Upgrade")):
        block = page.split(f"\n{title}\n")[1].split("```bash\n")[1].split("```")[0]
        opt = tmp_path / f"opt{number}"
        (opt / "fetched").mkdir(parents=True)
        (opt / "engage").symlink_to("engage-0.2.0")
        lines = [each for each in block.splitlines() if re.match("curl|sha256sum|tar|ln", each)]
        assert len(lines) == 4
        script = "\n".join(lines).replace("/opt", str(opt))
        version = f"{release.VERSION}+2"
        where = {"ADDRESS": f"file://{tmp_path}/dist", "VERSION": version, "PATH": os.environ["PATH"]}
        subprocess.run(["bash", "-ec", script], cwd=opt / "fetched", env=where, check=True)
        assert (opt / "engage" / "engage" / "commit.txt").is_file()
        assert (opt / "engage").resolve() == opt / f"engage-{version}"
        (tmp_path / "dist" / f"{name}.tar.gz").write_bytes(b"another")
        done = subprocess.run(["bash", "-ec", script], cwd=opt / "fetched", env=where, capture_output=True)
        assert done.returncode and b"FAILED" in done.stdout
        (tmp_path / "dist" / f"{name}.tar.gz").write_bytes(archive)


def test_the_licenses_that_are_named_by_hand_stand_where_that_is_said() -> None:
    spec = importlib.util.spec_from_file_location("made_release", ROOT / "docs" / "release.py")
    assert spec and spec.loader
    making = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(making)
    words = {
        "arize-phoenix-sqlean": "3. This notice may not be removed",
        "pyrage": "Permission is hereby granted, free of charge",
        "pysqlite3": "3. This notice may not be removed",
    }
    assert set(words) < set(making.BY_HAND)
    for name, sentence in words.items():
        there = distribution(name)
        where = making.BY_HAND[name][1].format(version=there.version).removesuffix(" in its wheel")
        assert sentence in Path(str(there.locate_file(where))).read_text()


def _older(wheel: Path, folder: Path) -> Path:
    """Returns a wheel of an earlier version, with a module that this one no longer has."""
    made = folder / wheel.name.replace(release.VERSION, "0.0.9")
    with ZipFile(wheel) as new, ZipFile(made, "w") as old:
        for name in new.namelist():
            raw = new.read(name)
            if name.endswith(".dist-info/METADATA"):
                raw = raw.replace(f"Version: {release.VERSION}".encode(), b"Version: 0.0.9", 1)
            if name.endswith(".dist-info/RECORD"):
                lines = [line.split(",")[0] for line in raw.decode().splitlines()]
                named = [line.replace(f"{release.VERSION}.dist-info", "0.0.9.dist-info") for line in lines]
                raw = "".join(f"{line},,\n" for line in (*named, "engage/left_out.py")).encode()
            old.writestr(name.replace(f"{release.VERSION}.dist-info", "0.0.9.dist-info"), raw)
        old.writestr("engage/left_out.py", "")
    return made


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_release_installs_over_an_older_one_and_serves_where_no_checkout_is(
    tmp_path: Path, copy: Copy
) -> None:
    (tmp_path / "none").write_text('{"metadata": {"component": {}, "properties": []}, "components": []}')
    done = copy.release(tmp_path / "dist", tmp_path / "none")
    assert done.returncode == 0, done.stderr
    files = {file.name: file.read_bytes() for file in (tmp_path / "dist").iterdir()}
    lines = files.pop("SHA256SUMS").decode().splitlines()[1:]
    sums = dict(reversed(line.split()) for line in lines)  # type: ignore[misc]
    assert sums == {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
    name = f"engage-{release.VERSION}"
    wheel = f"{name}-py3-none-any.whl"

    # Its own environment, which finds this one's packages but not the checkout that they are beside.
    there = tmp_path / "there"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", there], check=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        there / "bin" / "python",
        "install",
        "--quiet",
        "--no-deps",
    ]
    # The new release takes the place of an older one, and leaves nothing of it.
    older = _older(tmp_path / "dist" / wheel, tmp_path)
    subprocess.run([*pip, "--no-index", older], check=True)
    (left,) = there.rglob("engage/left_out.py")
    subprocess.run([*pip, "--no-index", tmp_path / "dist" / wheel], check=True)
    assert not left.exists()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ENGAGE_")}
    environment = {**kept, "PYTHONPATH": sysconfig.get_path("purelib"), "ENGAGE_DATA": str(tmp_path / "data")}

    def run(*words: str | Path) -> str:
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    engage = there / "bin" / "engage"
    about = f"commit {copy.git('rev-parse', 'HEAD')[:12]}, "
    assert run(engage, "--version").startswith(f"Engage {release.VERSION} ({about}")
    # Each language comes compiled: a start would refuse it otherwise.
    assert run(there / "bin" / "python", "-c", LANGUAGES).split() == list(languages.offered())
    assert "Ready" in run(engage, "init")
    assert str(ROOT) not in run(there / "bin" / "python", "-c", ASKED)


def _workflow() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "release.yaml").read_text())
    return said["jobs"]


def test_the_workflow_signs_the_sums_so_that_a_change_is_noticed(tmp_path: Path) -> None:
    (sign,) = (each for each in _workflow()["files"]["steps"] if each.get("name") == "Sign")
    (tmp_path / "dist").mkdir()
    sums = tmp_path / "dist" / "SHA256SUMS"
    sums.write_text("0  engage.whl\n")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    environment = {**os.environ, "SIGNING_KEY": key.read_text()}
    subprocess.run(["bash", "-ec", sign["run"]], cwd=tmp_path, env=environment, check=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["dist", "key", "key.pub"]
    (tmp_path / "signers").write_text(f"engage {key.with_suffix('.pub').read_text()}")

    def accepted() -> bool:
        words = ["-f", tmp_path / "signers", "-I", "engage", "-n", "engage", "-s", f"{sums}.sig"]
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", *words], input=sums.read_bytes(), capture_output=True
        )
        return done.returncode == 0

    assert accepted()
    sums.write_text("1  engage.whl\n")
    assert not accepted()


def test_the_workflow_builds_with_what_there_is_for_both_kinds_of_machine() -> None:
    jobs = _workflow()
    steps = [each["run"] for job in jobs.values() for each in job["steps"] if "run" in each]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?m)^make (\S+)", "\n".join(steps))) == {"release"} < targets
    for run in steps:
        assert subprocess.run(["bash", "-n"], input=run.encode()).returncode == 0
    (containerfile,) = re.findall(r"-f source/(\S+)", "\n".join(steps))
    assert (ROOT / containerfile).is_file()
    assert [each.rpartition("-")[2] for each in jobs["image"]["strategy"]["matrix"]["runner"]] == [
        "24.04",
        "arm",
    ]
    pushed = set(re.findall(r"\$version-(\w+)", jobs["manifest"]["steps"][0]["run"]))
    assert pushed == {"amd64", "arm64"}
