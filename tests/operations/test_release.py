"""A release is what git holds, with a name, and runs where no checkout is."""

import hashlib
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest
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
        f"Engage {release.VERSION} (commit {git('rev-parse', 'HEAD')[:12]}, schema {release.schemas()[-1]})\n",
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
    release.commit.cache_clear()
    assert release.commit() == ""
    release.commit.cache_clear()


def test_the_data_folder_knows_the_version_that_used_it(tmp_path: Path) -> None:
    assert release.version_in(tmp_path) == ""
    release.note(tmp_path)
    assert release.version_in(tmp_path) == release.VERSION


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
def test_a_release_installs_over_an_older_one_and_serves_where_no_checkout_is(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "docs" / "release.py", "--unclean", "--to", tmp_path / "dist"]
    subprocess.run(command, check=True, capture_output=True)
    files = {file.name: file.read_bytes() for file in (tmp_path / "dist").iterdir()}
    sums = dict(reversed(line.split()) for line in files.pop("SHA256SUMS").decode().splitlines())  # type: ignore[misc]
    assert sums == {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
    name = f"engage-{release.VERSION}"
    wheel = f"{name}-py3-none-any.whl"
    assert set(files) == {wheel, f"{name}.tar.gz", f"{name}-requirements.txt"}

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
    assert run(engage, "--version") == f"Engage {release.named()}\n"
    # Each language comes compiled: a start would refuse it otherwise.
    assert run(there / "bin" / "python", "-c", LANGUAGES).split() == list(languages.offered())
    assert "Ready" in run(engage, "init")
    assert str(ROOT) not in run(there / "bin" / "python", "-c", ASKED)
