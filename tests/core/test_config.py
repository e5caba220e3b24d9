"""Tests that a setting that Engage cannot start with is one line that says what to fix."""

import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, request

from engage import settings
from engage.config import (
    ROOT,
    Config,
    ConfigError,
    Log,
    MailServer,
    TestConfig,
    data_folder,
    engine_options,
    make_secret_key,
    prepare,
    read_secret_key,
)
from engage.web import headers


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ENGAGE_URL", "ENGAGE_DATABASE_URL", "ENGAGE_LEAVE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENGAGE_DATA", str(tmp_path))
    make_secret_key(tmp_path)
    return tmp_path


def test_without_settings_it_is_sqlite_in_the_data_folder_on_this_machine(data: Path) -> None:
    config = Config.from_environment()
    assert f"sqlite:///{data}/engage.db" == config.SQLALCHEMY_DATABASE_URI
    assert (config.URL, config.HTTPS, config.SESSION_COOKIE_NAME) == (
        "http://127.0.0.1:8000",
        False,
        "session",
    )


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://engage.example.org", "https://engage.example.org"),
        ("https://engage.example.org/", "https://engage.example.org"),
        (" http://10.0.0.7:8000 ", "http://10.0.0.7:8000"),
    ],
)
def test_the_address_decides_the_cookie(
    data: Path, monkeypatch: pytest.MonkeyPatch, given: str, url: str
) -> None:
    monkeypatch.setenv("ENGAGE_URL", given)
    config = Config.from_environment()
    assert url == config.URL
    expected = ("__Host-session", True) if url.startswith("https") else ("session", False)
    assert expected == (config.SESSION_COOKIE_NAME, config.SESSION_COOKIE_SECURE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENGAGE_URL", "engage.example.org"),
        ("ENGAGE_URL", "ftp://engage.example.org"),
        ("ENGAGE_URL", "https://"),
        ("ENGAGE_URL", "https://engage.example.org/sub"),
        ("ENGAGE_URL", "https://engage.example.org:port"),
        ("ENGAGE_URL", "https://user:word@engage.example.org"),
        ("ENGAGE_URL", "https://engage.example.org/?a=b"),
        ("ENGAGE_URL", "nonsense"),
        ("ENGAGE_DATABASE_URL", "mysql://root@localhost/engage"),
        ("ENGAGE_DATABASE_URL", "nonsense"),
        ("ENGAGE_DATABASE_URL", "postgresql://"),
        ("ENGAGE_LEAVE_URL", "javascript:alert(1)"),
        ("ENGAGE_LEAVE_URL", "www.weather.gov"),
    ],
)
def test_a_broken_setting_is_named_in_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as refused:
        Config.from_environment()
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_empty_setting_is_no_setting(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENGAGE_URL", "ENGAGE_DATABASE_URL", "ENGAGE_LEAVE_URL"):
        monkeypatch.setenv(name, " ")
    assert Config.from_environment().LEAVE_URL == "https://www.weather.gov/"


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_is_spoken_through_psycopg(data: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ENGAGE_DATABASE_URL", url)
    assert Config.from_environment().SQLALCHEMY_DATABASE_URI == "postgresql+psycopg://u@h/d"


def test_the_statements_of_the_usual_pages_are_kept_and_not_those_of_all() -> None:
    assert engine_options("sqlite://")["query_cache_size"] == 150


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "is not prepared yet. Type: engage init"), (b"short", "too short"), (b"\xff\xfe", "too short")],
)
def test_a_missing_or_short_secret_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    monkeypatch.setattr("engage.config.OF_SERVER", tmp_path / "engage.env")  # none, whatever this machine has
    if content is not None:
        (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        read_secret_key(tmp_path)


@pytest.mark.parametrize("left", ["engage.db", "version"])
def test_a_key_that_is_lost_is_looked_for_before_another_is_made(tmp_path: Path, left: str) -> None:
    (tmp_path / left).touch()
    with pytest.raises(
        ConfigError, match=r"is missing, but the data is there\. Put it back from your own copy"
    ):
        read_secret_key(tmp_path)


def test_the_environments_own_command_on_a_server_says_which_one_reads_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ENGAGE_SETTINGS", "ENGAGE_DATA"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "engage.env").touch()
    monkeypatch.setattr("engage.config.OF_SERVER", tmp_path / "engage.env")
    with pytest.raises(ConfigError, match=r"engage.env was not read\. Type /usr/local/bin/engage instead"):
        read_secret_key(tmp_path / "instance")
    monkeypatch.setenv("ENGAGE_DATA", str(tmp_path / "instance"))
    with pytest.raises(ConfigError, match="is not prepared yet"):
        read_secret_key(tmp_path / "instance")


def test_a_secret_is_for_its_owner_alone_and_made_once(tmp_path: Path) -> None:
    make_secret_key(tmp_path)
    secret = read_secret_key(tmp_path)
    make_secret_key(tmp_path)
    assert read_secret_key(tmp_path) == secret
    assert len(secret) >= 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_no_half_secret_that_the_next_try_would_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("engage.config.secrets.token_urlsafe", full)
        with pytest.raises(ConfigError, match=r"\(No space left on device\)\. Make room and try again\."):
            prepare(tmp_path)
    assert not list(tmp_path.iterdir())
    prepare(tmp_path)


def test_only_our_hosts_may_stand_in_a_request(tmp_path: Path) -> None:
    config = TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI="", URL="https://engage.example.org")
    assert config.TRUSTED_HOSTS == ["engage.example.org", "127.0.0.1", "localhost"]
    config.LAN = True
    assert config.TRUSTED_HOSTS is None


# -- mail

MAIL = {"ENGAGE_SMTP_HOST": "mail.example.org", "ENGAGE_SMTP_FROM": "Engage <engage@example.org>"}


@pytest.fixture
def mail(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MailServer | None]:
    """Returns the server that these settings name."""
    for name in ("HOST", "PORT", "TLS", "USER", "PASSWORD", "PASSWORD_FILE", "FROM"):
        monkeypatch.delenv(f"ENGAGE_SMTP_{name}", raising=False)

    def read(**settings: str) -> MailServer | None:
        for name, value in {**MAIL, **settings}.items():
            monkeypatch.setenv(name, value)
        return Config.from_environment().MAIL

    return read


def test_without_a_host_there_is_no_mail(data: Path) -> None:
    assert Config.from_environment().MAIL is None


@pytest.mark.parametrize(("tls", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_the_way_to_the_server(
    mail: Callable[..., MailServer | None], tls: str, port: int
) -> None:
    found = mail(ENGAGE_SMTP_TLS=tls)
    assert found is not None
    assert (found.port, found.security) == (port, tls or "starttls")
    found = mail(ENGAGE_SMTP_TLS=tls, ENGAGE_SMTP_PORT="2525")
    assert found is not None
    assert found.port == 2525


def test_the_password_may_come_from_a_file_and_is_never_shown(
    mail: Callable[..., MailServer | None], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("quiet heron\n")
    found = mail(ENGAGE_SMTP_USER="engage", ENGAGE_SMTP_PASSWORD_FILE=str(tmp_path / "password"))
    assert found is not None
    assert found.password == "quiet heron"
    assert "heron" not in repr(found)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ENGAGE_SMTP_HOST": ""}, "ENGAGE_SMTP_FROM is set without ENGAGE_SMTP_HOST"),
        ({"ENGAGE_SMTP_FROM": ""}, "ENGAGE_SMTP_FROM must be"),
        ({"ENGAGE_SMTP_FROM": "engage"}, "ENGAGE_SMTP_FROM must be"),
        ({"ENGAGE_SMTP_FROM": "Enga\nge <engage@example.org>"}, "ENGAGE_SMTP_FROM must be"),
        ({"ENGAGE_SMTP_TLS": "ssl"}, "ENGAGE_SMTP_TLS must be"),
        ({"ENGAGE_SMTP_PORT": "smtp"}, "ENGAGE_SMTP_PORT must be"),
        ({"ENGAGE_SMTP_PORT": "0"}, "ENGAGE_SMTP_PORT must be"),
        ({"ENGAGE_SMTP_PORT": "70000"}, "ENGAGE_SMTP_PORT must be"),
        ({"ENGAGE_SMTP_USER": "engage"}, "needs a password"),
        ({"ENGAGE_SMTP_PASSWORD": "x"}, "needs a password"),
        ({"ENGAGE_SMTP_PASSWORD": "x", "ENGAGE_SMTP_PASSWORD_FILE": "/x"}, "not both"),
        ({"ENGAGE_SMTP_USER": "engage", "ENGAGE_SMTP_PASSWORD_FILE": "/nowhere/x"}, "cannot be read"),
        ({"ENGAGE_SMTP_USER": "engage", "ENGAGE_SMTP_PASSWORD_FILE": "/dev/null"}, "is empty"),
        (
            {"ENGAGE_SMTP_USER": "engage", "ENGAGE_SMTP_PASSWORD": "x", "ENGAGE_SMTP_TLS": "none"},
            "for anyone to read",
        ),
    ],
)
def test_a_mail_setting_that_cannot_work_stops_with_one_line(
    mail: Callable[..., MailServer | None], settings: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        mail(**settings)
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


# -- the file


@pytest.fixture
def file(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Config]:
    """Returns the configuration from a settings file with this text."""
    for name in settings.NAMES:
        monkeypatch.delenv(name, raising=False)

    def read(text: str) -> Config:
        path = tmp_path / "engage.env"
        path.write_text(text)
        monkeypatch.setenv("ENGAGE_SETTINGS", str(path))
        return Config.from_environment(data)

    return read


def test_settings_may_stand_in_a_file_and_the_environment_wins(
    file: Callable[[str], Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# ours\n\nENGAGE_URL = https://engage.example.org\nENGAGE_LEAVE_URL='https://a.example/?x=1'\nENGAGE_LOG=\n"
    config = file(text)
    assert config.URL == "https://engage.example.org"
    assert config.LEAVE_URL == "https://a.example/?x=1"
    assert config.LOG is Log.PLAIN
    assert config.LIMITS
    assert not file("ENGAGE_LIMITS=off").LIMITS
    assert not config.CHECK_LINKS
    assert file("ENGAGE_CHECK_LINKS=on").CHECK_LINKS
    assert config.LIVE_TABLES
    assert not file("ENGAGE_LIVE_TABLES=off").LIVE_TABLES
    monkeypatch.setenv("ENGAGE_URL", "https://other.example.org")
    assert file(text).URL == "https://other.example.org"
    monkeypatch.setenv("ENGAGE_URL", " ")
    assert file(text).URL == "https://engage.example.org"


def test_a_file_may_begin_with_the_mark_that_notepad_writes(file: Callable[[str], Config]) -> None:
    assert file("\ufeffENGAGE_LOG=json\r\nENGAGE_LIMITS=off\r\n").LOG == "json"


def test_the_data_folder_may_be_named_in_the_file(
    file: Callable[[str], Config], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(f"ENGAGE_DATA={tmp_path}/elsewhere\n")
    assert data_folder() == tmp_path / "elsewhere"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "ENGAGE_URI=https://a.example",
            "line 1: 'ENGAGE_URI' is not an Engage setting. Did you mean ENGAGE_URL?",
        ),
        ("\nPATH=/bin", "line 2: 'PATH' is not an Engage setting."),
        ("export ENGAGE_URL=https://a.example", "'export ENGAGE_URL' is not an Engage setting"),
        (
            "ENGAGE_URL=https://a.example\nENGAGE_URL=https://b.example",
            "line 2: ENGAGE_URL is there twice",
        ),
        ("ENGAGE_SETTINGS=/x", "ENGAGE_SETTINGS is set here"),
        ("secret words", "line 1: write NAME=value"),
        ("ENGAGE_DATA=var/lib/engage", "line 1: ENGAGE_DATA must begin with /"),
        ('ENGAGE_DATA="/var/lib/engage', "line 1: ENGAGE_DATA must begin with /"),
        ("ENGAGE_LOG=loud", "ENGAGE_LOG must be plain, json or off"),
        ("ENGAGE_LIMITS=no", "ENGAGE_LIMITS must be on or off"),
        ("ENGAGE_PROXIES=many", "ENGAGE_PROXIES must be how many"),
        ("ENGAGE_PROXIES=-1", "ENGAGE_PROXIES must be how many"),
    ],
)
def test_a_broken_line_of_the_file_is_named(file: Callable[[str], Config], text: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        file(text)
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert "secret words" not in str(refused.value)


def test_a_name_that_is_no_setting_is_refused_with_the_likely_one(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGAGE_DATABSE_URL", "postgresql://u@h/d")
    with pytest.raises(ConfigError, match="Did you mean ENGAGE_DATABASE_URL"):
        Config.from_environment()
    monkeypatch.delenv("ENGAGE_DATABSE_URL")
    monkeypatch.setenv("ENGAGE_SETTINGS", str(data / "nothing"))
    with pytest.raises(ConfigError, match="ENGAGE_SETTINGS cannot be read"):
        Config.from_environment()


@pytest.mark.parametrize(
    ("url", "proxies", "seen"),
    [
        ("https://engage.example.org", None, ("198.51.100.7", True)),
        ("https://engage.example.org", 0, ("127.0.0.1", False)),
        ("https://engage.example.org", 2, ("203.0.113.9", True)),
        ("http://engage.example.org", None, ("127.0.0.1", False)),
        ("http://engage.example.org", 1, ("198.51.100.7", True)),
    ],
)
def test_only_as_many_proxies_are_believed_as_stand_in_front(
    tmp_path: Path, url: str, proxies: int | None, seen: tuple[str, bool]
) -> None:
    app = Flask("proxied")
    app.config.from_object(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI="", URL=url, PROXIES=proxies))
    headers.init_app(app)
    app.add_url_rule("/", view_func=lambda: [request.remote_addr, request.is_secure, request.host])
    answer = app.test_client().get(
        "/",
        headers={
            "Host": "engage.example.org",
            "X-Forwarded-For": "192.0.2.66, 203.0.113.9, 198.51.100.7",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "evil.example",
        },
    )
    assert answer.json == [*seen, "engage.example.org"]


def test_the_page_explains_each_setting_and_no_other() -> None:
    page = (ROOT / "docs" / "hosting" / "settings.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `ENGAGE_")]
    assert sorted(re.findall(r"`(ENGAGE_\w+)`", "".join(row.split("|")[1] for row in rows))) == sorted(
        settings.NAMES
    )
