"""The package for YunoHost: what its catalog asks for, and that it fits this version of Engage.

YunoHost itself cannot be fetched here. What its schema, its linter and its helpers say is restated as plain checks;
docs/hosting/yunohost/README.md says what was run by hand on the real ones.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from engage import cli, release, settings
from engage.config import ROOT

HOSTING = ROOT / "docs" / "hosting"
SOURCE = HOSTING / "yunohost"
SCRIPTS = ("_common.sh", "install", "upgrade", "remove", "backup", "restore", "change_url")
UNITS = sorted([*HOSTING.rglob("*.service"), *HOSTING.rglob("*.timer")])
# What YunoHost gives an app as settings, and so to templates.
GIVEN = {"APP", "DOMAIN", "INSTALL_DIR", "DATA_DIR", "PORT"}
# Of the helpers 2.1, those that were run by hand on YunoHost's own.
HELPERS = {
    *("app_setting_get", "app_setting_set_default", "backup", "config_add", "config_add_nginx"),
    *("config_change_url_nginx", "config_remove_nginx", "die", "exec_as_app", "hide_warnings", "print_info"),
    *("print_warn", "restore", "safe_rm", "script_progression", "setup_source", "string_random", "systemctl"),
    "write_var_in_file",
}


def _making() -> ModuleType:
    spec = importlib.util.spec_from_file_location("making", ROOT / "docs" / "release.py")
    assert spec and spec.loader
    making = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(making)
    return making


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as `make release` writes it, for a source archive of which only the sum matters."""
    folder = tmp_path_factory.mktemp("release")
    (folder / "source.tar.gz").write_bytes(b"source")
    making = _making()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making.release, "DOWNLOADS", "https://downloads.example.org/{version}")
        making.yunohost(folder / "engage_ynh", release.VERSION, folder / "source.tar.gz")
    return folder / "engage_ynh"


@pytest.fixture(scope="module")
def manifest(package: Path) -> dict[str, Any]:
    return tomllib.loads((package / "manifest.toml").read_text())


def test_the_manifest_has_what_the_schema_asks_for(manifest: dict[str, Any]) -> None:
    keys = ("packaging_format", "id", "name", "description", "version", "maintainers", "upstream")
    assert set(manifest) == {*keys, "integration", "install", "resources"}
    assert (manifest["packaging_format"], manifest["id"]) == (2, "engage")
    assert re.fullmatch(r"[0-9a-z]*([.+-][0-9a-z]*)*~ynh[0-9]+", manifest["version"])
    asked = manifest["integration"]
    assert re.fullmatch(r">= ?\d{1,2}(\.\d{1,2}){0,3}", asked["yunohost"])
    assert (asked["helpers_version"], asked["multi_instance"]) == ("2.1", False)
    assert set(asked["architectures"]) <= {"amd64", "i386", "armhf", "arm64"}
    for size in (asked["disk"], asked["ram"]["build"], asked["ram"]["runtime"]):
        assert re.fullmatch(r"\d+[KMG]", size)
    # Accounts are Engage's own. With Dex, people press a button, which is no single sign-on.
    assert (asked["ldap"], asked["sso"]) == (False, False)
    assert manifest["resources"]["permissions"]["main"] == {"url": "/", "auth_header": False}
    assert manifest["install"]["init_main_permission"] == {
        **manifest["install"]["init_main_permission"],
        "type": "group",
        "default": "visitors",
    }
    assert manifest["install"]["dex"]["optional"] is True and "path" not in manifest["install"]


def test_what_the_catalog_shows_is_short_and_in_both_languages(
    manifest: dict[str, Any], package: Path
) -> None:
    texts = [manifest["description"]]
    for question in manifest["install"].values():
        texts += [question[each] for each in ("ask", "help") if each in question]
    assert len(texts) > 3
    for text in texts:
        assert set(text) == {"en", "es"}
    assert all(5 <= len(each) <= 150 for each in manifest["description"].values())
    pages = {file.name for file in (package / "doc").iterdir()}
    english = {name for name in pages if not name.endswith("_es.md")}
    assert english >= {"DESCRIPTION.md", "ADMIN.md", "POST_INSTALL.md"}
    assert pages - english == {name.replace(".md", "_es.md") for name in english}
    assert (package / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_the_version_comes_from_one_place_and_the_archive_is_the_one_that_was_built(
    manifest: dict[str, Any], package: Path
) -> None:
    assert manifest["version"] == f"{release.VERSION}~ynh1"
    assert manifest["resources"]["sources"]["main"] == {
        "url": f"https://downloads.example.org/{release.VERSION}/engage-{release.VERSION}.tar.gz",
        "sha256": hashlib.sha256(b"source").hexdigest(),
    }
    for file in (each for each in SOURCE.rglob("*") if each.is_file()):
        assert release.VERSION not in file.read_text(), file
    for file in (each for each in package.rglob("*") if each.is_file()):
        assert not re.search("@[A-Z0-9]+@", file.read_text()), file


def test_each_unit_has_its_counterpart_there(package: Path) -> None:
    units = {file.name: file.read_text() for file in UNITS}
    assert {"engage.service", "engage-backup.timer", "engage-failed@.service"} < set(units)
    there = {file.name for file in (package / "conf").iterdir() if file.suffix in (".service", ".timer")}
    assert there == set(units) - {"engage@.service"}  # a second process needs a second port
    for name in there:
        text = (package / "conf" / name).read_text()
        assert "/opt/engage" not in text
        back = text.replace("__INSTALL_DIR__", "/opt/engage").replace(" --port __PORT__", "")
        assert back == units[name]
    serves = '"__INSTALL_DIR__/.venv/bin/engage" serve --port __PORT__\n'
    assert serves in (package / "conf" / "engage.service").read_text()


def test_the_units_are_sound_where_yunohost_puts_the_code(package: Path, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / ".venv").symlink_to(sys.prefix)
    units = []
    for file in (each for each in (package / "conf").iterdir() if each.suffix in (".service", ".timer")):
        text = file.read_text().replace("__INSTALL_DIR__", f"{tmp_path}/www").replace("__PORT__", "8000")
        units.append(tmp_path / file.name)
        units[-1].write_text(text)
    assert len(units) > 5
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_templates_ask_for_what_yunohost_gives(package: Path) -> None:
    asked = set()
    for file in [*(package / "conf").iterdir(), *(package / "doc").iterdir()]:
        asked |= set(re.findall("__([A-Z0-9_]+?)__", file.read_text()))
    assert asked == GIVEN


def test_the_folders_are_those_that_the_units_and_the_command_name(
    manifest: dict[str, Any], package: Path
) -> None:
    folder = manifest["resources"]["data_dir"]["dir"].replace("__APP__", "engage")
    unit = (package / "conf" / "engage.service").read_text()
    assert "StateDirectory=engage\n" in unit and folder == "/var/lib/engage"
    assert "Environment=ENGAGE_SETTINGS=/etc/engage/engage.env\n" in unit
    assert "ENGAGE_SETTINGS=/etc/engage/engage.env" in (package / "conf" / "engage").read_text()
    assert manifest["resources"]["data_dir"]["group"] == "__APP__:---"  # for its owner alone


def test_each_setting_that_it_writes_is_one(package: Path) -> None:
    texts = [(package / where).read_text() for where in ("conf/engage.env", "scripts/_common.sh")]
    names = set(re.findall(r"(?m)^#?(ENGAGE_[A-Z0-9_]+)=", "\n".join(texts)))
    assert {"ENGAGE_URL", "ENGAGE_SMTP_HOST", "ENGAGE_OIDC_1_ISSUER"} < names
    assert names <= set(settings.NAMES)


def test_nginx_keeps_to_what_the_printed_file_says(package: Path) -> None:
    """It keeps no addresses, tells Engage the true one, and lets Engage's own headers through."""
    ours = (package / "conf" / "nginx.conf").read_text()
    printed = (HOSTING / "nginx.conf").read_text()
    kept = re.findall(r"(?m)^ +((?:access_log|client_|proxy_(?!pass)).+)$", printed)
    assert len(kept) > 7
    for line in kept:
        assert f"  {line}\n" in ours, line
    assert "proxy_pass http://127.0.0.1:__PORT__;" in ours
    for name in ("Content-Security-Policy", "X-Frame-Options", "Permissions-Policy"):
        assert f'more_set_headers "{name}: $upstream_http_{name.lower().replace("-", "_")}";' in ours


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_passes_shellcheck_and_calls_what_there_is(package: Path, name: str) -> None:
    script = package / "scripts" / name
    # The core sets the variables, and the helpers are not here.
    command = ["shellcheck", "--exclude=SC1091,SC2154", "--shell=bash", script]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    text = script.read_text()
    assert set(re.findall(r"\bynh_(\w+)", text)) <= HELPERS
    assert set(re.findall(r"(?m)(?:^|\|\| | if )_engage (\w+)", text)) <= set(cli.main.commands)
    assert name == "_common.sh" or "source /usr/share/yunohost/helpers" in text
    # What the linter calls an error.
    assert not re.search(r"ynh_abort_if_errors|set -e|rm -r|\bexit\b|apt-get|openssl rand", text)


STANDINS = r"""
set -eu
for name in HELPERS; do eval "ynh_$name() { echo ynh_$name \$*; }"; done
ynh_die() { echo "$1"; exit 1; }
for name in add_environment add_settings add_system add_dex protect_settings start stop units; do
    eval "_$name() { :; }"
done
_stop() { echo _stop; }
_start() { echo _start; }
_engage() {
    echo "engage $*"
    case " $FAILS " in *" $1 "*) return 1 ;; esac
    [ "$1" != backup ] || { mkdir -p "$data_dir/for-yunohost"; touch "$data_dir/for-yunohost/engage-1.zip"; }
}
"""


class Ran:
    """A script that ran with stand-ins for the helpers and for _common.sh, whose calls are told in their order."""

    def __init__(self, package: Path, folder: Path, name: str, fails: str = "", **more: str) -> None:
        self.folder = folder
        here = folder / "backup"
        here.mkdir(exist_ok=True)
        (folder / "data").mkdir(exist_ok=True)
        (folder / "helpers").write_text(STANDINS.replace("HELPERS", " ".join(sorted(HELPERS - {"die"}))))
        text = (package / "scripts" / name).read_text()
        text = re.sub(r"(?m)^source .*_common.sh$", "", text)
        text = text.replace("/usr/share/yunohost/helpers", f"{folder}/helpers")
        text = re.sub(r"(?m)^ *ch(?:own|mod) .*$", ":", text)
        given = {"app": "engage", "domain": "a.example.org", "FAILS": fails}
        folders = {"install_dir": f"{folder}/code", "data_dir": f"{folder}/data", "PATH": os.environ["PATH"]}
        done = subprocess.run(
            ["bash", "-c", text], cwd=here, env={**given, **folders, **more}, capture_output=True, text=True
        )
        self.code, self.said = done.returncode, done.stdout
        self.calls = re.findall(r"(?m)^(engage \w+|_stop|_start|ynh_setup_source)", done.stdout)
        assert not done.stderr


def test_an_upgrade_stops_first_and_serves_only_an_upgraded_database(package: Path, tmp_path: Path) -> None:
    assert Ran(package, tmp_path, "upgrade").calls == [
        "_stop",
        "ynh_setup_source",
        "engage upgrade",
        "_start",
    ]
    failed = Ran(package, tmp_path, "upgrade", fails="upgrade")
    assert failed.code and failed.calls[-1] == "engage upgrade"


def test_a_backup_holds_a_checked_copy_of_the_database_and_never_its_files(
    package: Path, tmp_path: Path
) -> None:
    ran = Ran(package, tmp_path, "backup")
    assert ran.code == 0 and (tmp_path / "backup" / "engage.zip").exists()
    assert "engage.db" not in ran.said and f"ynh_backup {tmp_path}/data/secret_key\n" in ran.said


def test_only_the_safety_backup_before_an_upgrade_goes_on_without_a_copy(
    package: Path, tmp_path: Path
) -> None:
    """The upgrade before it may have been killed, and left no command that runs and no folder of code."""
    assert Ran(package, tmp_path, "backup", fails="backup").code == 1
    assert Ran(package, tmp_path, "backup", fails="backup", BACKUP_CORE_ONLY="1").code == 0
    assert (tmp_path / "code").is_dir()


def test_a_restore_brings_the_copy_back_but_keeps_newer_data_after_a_failed_upgrade(
    package: Path, tmp_path: Path
) -> None:
    safety = Ran(package, tmp_path, "restore")
    assert safety.calls == ["engage upgrade", "_start"]
    too_new = Ran(package, tmp_path, "restore", fails="upgrade")
    assert too_new.calls == ["engage upgrade", "engage restore", "_start"]
    (tmp_path / f"backup{tmp_path}/data").mkdir(parents=True)
    (tmp_path / f"backup{tmp_path}/data/secret_key").touch()
    assert Ran(package, tmp_path, "restore").calls == ["engage restore", "_start"]
