"""Runs `engage demo`: a temporary installation with a sample coalition and new passwords at each start."""

import fcntl
import os
import secrets
import shutil
import socket
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from engage import create_app, settings
from engage.config import ROOT, Config, data_folder, make_secret_key
from engage.extensions import db
from engage.operations.rules import DEMO_MARKER
from engage.operations.sample import mail_catcher, service

WORDS = (
    "amber basket birch bridge candle canyon cedar clover copper coral ember fable fern garden glacier harbor"
    " hazel heron island juniper kettle lantern maple meadow mirror orchard otter pebble pepper pine planet"
    " pocket prairie quilt river saddle sparrow spruce thistle timber tulip velvet walnut willow window winter"
)


class DemoRefused(Exception):
    """The demo does not write to this folder. The message is one line that says what to do."""


def default_folder() -> Path:
    """Returns ENGAGE_DATA if it is set, else the demo's own folder below instance/."""
    return data_folder() if settings.read().get("ENGAGE_DATA") else ROOT / "instance" / "demo"


def empty_folder(folder: Path) -> None:
    """Prepares the folder, which must be new, empty, or from a former demo. Raises DemoRefused otherwise."""
    if settings.read().get("ENGAGE_DATABASE_URL"):
        raise DemoRefused("The demo never writes to ENGAGE_DATABASE_URL. Unset it and start again.")
    if folder.exists() and any(folder.iterdir()) and not (folder / DEMO_MARKER).is_file():
        raise DemoRefused(
            f"{folder} contains something that is not a demo. Name an empty folder with --folder."
        )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    (folder / DEMO_MARKER).write_text(
        "A sample coalition; `engage demo` empties this folder at every start.\n"
    )
    make_secret_key(folder)


def hold(folder: Path) -> None:
    """Locks the folder for one demo at a time, until the process ends. Raises DemoRefused while another runs."""
    marker = os.open(folder / DEMO_MARKER, os.O_RDONLY)
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(marker)
        raise DemoRefused(
            f"Another demo is running in {folder}. Stop it, or name an empty folder with --folder."
        ) from None


def build(folder: Path, *, port: int, lan: bool) -> tuple[Flask, list[tuple[str, str, str]]]:
    """Builds a new demo: the application, and its sign-ins as (role, e-mail address, password)."""
    try:
        if (folder / DEMO_MARKER).is_file():
            hold(folder)
        empty_folder(folder)
        hold(folder)
    except OSError as error:
        raise DemoRefused(
            f"{folder} cannot be written ({error.strerror}). Name another with --folder."
        ) from None
    config = Config.from_environment(folder, port=port)
    config.DEMO, config.LAN = True, lan
    config.MAIL = mail_catcher.start(folder)  # these people do not exist, so no mail is sent
    if lan:
        config.URL = f"http://{_own_address()}:{port}"
    app = create_app(config)
    with app.app_context():
        upgrade()
        passwords = {"coordinator": _password(), "member": _password()}
        addresses = service.build(passwords)
        db.session.commit()
    return app, [(role, addresses[role], password) for role, password in passwords.items()]


def _password() -> str:
    return "-".join(secrets.choice(WORDS.split()) for _ in range(5))


def _own_address() -> str:
    """Returns this machine's address on the local network, by asking for a route; it sends no packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
