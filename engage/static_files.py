"""Static files with their content's hash in the address, compressed once, kept by browsers for a year.

WhiteNoise serves them in front of the application, with our headers.
"""

import hashlib
import os
import shutil
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from engage.headers import HEADERS, STRICT_TRANSPORT


def build(source: Path, target: Path) -> dict[str, str]:
    """Copy every file of `source` to `target` under a name with its hash, with .br and .gz beside it.

    Returns {"app.css": "app.1a2b3c4d.css"}; what is there already is left alone, older copies are removed.
    """
    names: dict[str, str] = {}
    compressor = Compressor(quiet=True)
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        relative = file.relative_to(source)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        hashed = relative.with_name(f"{relative.stem}.{digest}{relative.suffix}")
        names[relative.as_posix()] = hashed.as_posix()
        built = target / hashed
        if built.exists():
            continue
        built.parent.mkdir(parents=True, exist_ok=True)
        working = built.with_name(f"{os.getpid()}.part{built.suffix}")
        shutil.copyfile(file, working)
        if compressor.should_compress(file.name):
            for variant in compressor.compress(str(working)):
                os.replace(variant, f"{built}{Path(variant).suffix}")
        os.replace(working, built)
    _remove_old(target, set(names.values()))
    return names


def _remove_old(target: Path, wanted: set[str]) -> None:
    for file in [path for path in target.rglob("*") if path.is_file()]:
        name = file.relative_to(target).as_posix()
        if name.removesuffix(".br").removesuffix(".gz") not in wanted and ".part" not in name:
            file.unlink(missing_ok=True)


def init_app(app: Flask) -> None:
    """Build into the data folder, serve below /static/, and give templates `static_url(name)`."""
    target = Path(app.config["DATA"]) / "static"
    target.mkdir(parents=True, exist_ok=True)
    names = build(Path(app.config["ROOT"]) / "static", target)

    def add_headers(headers: Headers, path: str, url: str) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if app.config["HTTPS"]:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(target),
        prefix="static/",
        max_age=WhiteNoise.FOREVER,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=add_headers,
    )
    app.add_template_global(lambda name: f"/static/{names[name]}", "static_url")
