"""Static files: their content's hash in the address, kept for a year, small where the browser takes it."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from engage.config import ROOT
from engage.web import static_files
from engage.web.static_files import SHEETS, STYLESHEETS, build, stylesheet
from tests.client import EngageClient

STYLES = ROOT / "static" / "css"


@pytest.fixture
def address(app: Flask) -> str:
    return str(app.jinja_env.globals["static_url"]("app.css"))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)],
)
def test_the_smallest_form_that_the_browser_takes(
    client: EngageClient, address: str, accepted: str, encoding: str | None
) -> None:
    response = client.get(address, headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Content-Type"].startswith("text/css")
    assert "Accept-Encoding" in response.headers["Vary"]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(response.data) == stylesheet(STYLES, STYLESHEETS["app.css"])
    response.close()


def test_the_stylesheet_is_its_files_in_their_order_without_comments(
    client: EngageClient, address: str
) -> None:
    response = client.get(address)
    files = b"".join((STYLES / f"{name}.css").read_bytes() for name in STYLESHEETS["app.css"])
    rules = re.sub(rb"/\*.*?\*/|\s+", b"", files, flags=re.DOTALL)
    assert re.sub(rb"\s+", b"", response.data) == rules
    response.close()


@pytest.mark.parametrize(
    "path",
    [
        "/static/app.css",
        "/static/css/web/tokens.css",
        "/static/app.00000000.css",
        "/static/../engage.db",
        "/static/",
        "/static/%2e%2e/secret_key",
    ],
)
def test_every_other_address_is_a_404(client: EngageClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_file_that_a_page_names_is_there(client: EngageClient) -> None:
    page = client.page("/about")
    found = [
        node.attributes.get("src") or node.attributes.get("href")
        for node in page.all("script, link[rel=stylesheet]")
    ]
    assert len(found) >= 3
    for path in found:
        response = client.get(path or "")
        assert response.status_code == 200
        response.close()


def test_a_changed_file_gets_a_new_address_and_the_old_one_goes(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "vendor").mkdir(parents=True)
    file = source / "vendor" / "a.css"
    file.write_text("a { color: black } " * 50)
    target.mkdir()
    first = build(source, target)["vendor/a.css"]
    before = (target / first).stat().st_mtime_ns
    assert build(source, target)["vendor/a.css"] == first
    assert (target / first).stat().st_mtime_ns == before
    file.write_text("a { color: white } " * 50)
    second = build(source, target)["vendor/a.css"]
    assert first != second
    assert sorted(path.relative_to(target).as_posix() for path in target.rglob("*.*")) == sorted(
        [second, f"{second}.br", f"{second}.gz"]
    )


def test_two_stylesheets_are_served_in_place_of_their_files(app: Flask) -> None:
    built = {path.name.split(".")[0] for path in (Path(app.config["DATA"]) / "static").rglob("*.css")}
    assert built == {"app", "features", "modern-normalize-3"}
    assert {name for names in STYLESHEETS.values() for name in names} == set(SHEETS)


def test_a_changed_order_of_styles_is_another_stylesheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    (source / "css" / "web").mkdir(parents=True)
    (source / "css" / "web" / "first.css").write_text("a { color: black }\n")
    (source / "css" / "web" / "second.css").write_text("a { color: white }\n")
    monkeypatch.setattr(static_files, "STYLESHEETS", {"app.css": ("web/first", "web/second")})
    address = build(source, tmp_path / "target")["app.css"]
    assert (tmp_path / "target" / address).read_text() == "a{color: black}a{color: white}"
    monkeypatch.setattr(static_files, "STYLESHEETS", {"app.css": ("web/second", "web/first")})
    assert build(source, tmp_path / "target")["app.css"] != address
