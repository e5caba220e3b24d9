"""A language is two folders, and one that cannot be shown stops the start with one line."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from engage import catalogs, create_app, languages
from engage.config import TestConfig, in_folder
from engage.content.loader import content
from engage.dates import long_day
from engage.errors import ContentError
from engage.extensions import in_language, language
from engage.i18n import gettext as _
from tests import speaking
from tests.client import EngageClient
from tests.days import NOW


def started(folder: Path) -> Flask:
    return create_app(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(folder)))


def said(folder: Path) -> str:
    with pytest.raises(ContentError) as refused:
        started(folder)
    return str(refused.value)


def test_a_language_is_a_folder_of_texts_and_one_of_content(french: Path) -> None:
    assert languages.offered() == ("en", "fr")
    shutil.rmtree(languages.CONTENT / "fr")
    speaking.forget()
    assert languages.offered() == ("en",)


def test_its_name_is_in_itself_and_begins_with_a_capital_letter() -> None:
    assert [languages.own_name(each) for each in ("en", "es", "fr")] == ["English", "Español", "Français"]


def test_numbers_and_dates_are_those_of_the_united_states_where_they_are_known() -> None:
    assert [languages.locale_of(each) for each in ("en", "es", "fr")] == ["en", "es_US", "fr"]


@pytest.mark.parametrize("name", ["fr", "fr-CA", "fr_FR", "FR"])
def test_a_language_is_known_in_each_region(name: str, french: Path) -> None:
    assert languages.known(name) == "fr"


@pytest.mark.parametrize("name", [None, "", "xx", "f", "../en", "fr" * 9000, "\x00", "de-FR"])
def test_what_is_no_language_is_none(name: str | None, french: Path) -> None:
    assert languages.known(name) == ""


def test_a_browser_gets_its_language(french: Path, client: EngageClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}).text
    assert '<html lang="fr">' in page
    assert "S’identifier" in page
    assert "Aller au contenu" in page


@pytest.mark.parametrize("asked", ["de", "xx;q=0.9", "\x00", ";;;", "*"])
def test_a_language_that_is_not_there_is_english(asked: str, french: Path, client: EngageClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": asked}).text
    assert '<html lang="en">' in page
    assert "Skip to the main content" in page


def test_content_follows_the_language_and_is_english_outside_a_request(french: Path, app: Flask) -> None:
    assert content().areas[0].name == "Prevention"
    with in_language("fr"):
        assert content().areas[0].name == "Prévention"
        assert (_("Save"), language()) == ("Enregistrer", "fr")
        assert long_day(NOW.date()) == "27 novembre 2026"
    assert (_("Save"), content().areas[0].name, language()) == ("Save", "Prevention", "en")


def test_a_language_within_a_language_ends_where_it_began(french: Path, app: Flask) -> None:
    with in_language("fr"):
        with in_language("en"):
            assert _("Save") == "Save"
        assert _("Save") == "Enregistrer"
    assert _("Save") == "Save"


def test_a_percent_sign_a_quote_and_an_apostrophe_are_shown_as_they_are(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"Save": '100 % "l’été" d\'ici <b>'}
    with monkeypatch.context() as patch:
        speaking.made_up(patch, tmp_path, texts=texts)
        with in_language("fr"):
            assert _("Save") == texts["Save"]
    speaking.forget()


def test_a_catalog_that_was_not_compiled_stops_the_start(french: Path, tmp_path: Path) -> None:
    french.with_suffix(".mo").unlink()
    assert said(tmp_path) == (
        "engage/translations/fr/LC_MESSAGES/messages.po:1: its compiled texts are missing, broken or older than the"
        " code. Type on a server: make install; elsewhere: engage messages"
    )


def test_a_broken_catalog_stops_the_start(french: Path, tmp_path: Path) -> None:
    made = french.with_suffix(".mo")
    whole = made.read_bytes()
    for broken in (b"", b"nonsense", whole[:40], whole[:-20], bytes(len(whole))):
        made.write_bytes(broken)
        assert "older than the code" in said(tmp_path)


def test_a_catalog_older_than_the_code_or_its_texts_stops_the_start(french: Path, tmp_path: Path) -> None:
    template = languages.TEXTS / catalogs.TEMPLATE
    template.write_text(template.read_text() + '\nmsgid "Quite new"\nmsgstr ""\n')
    assert "older than the code" in said(tmp_path)
    catalogs.compile_all(languages.TEXTS)
    started(tmp_path)
    french.write_text(french.read_text().replace("Enregistrer", "Garder"))
    assert "older than the code" in said(tmp_path)


def test_content_that_lacks_what_english_has_stops_the_start(french: Path, tmp_path: Path) -> None:
    sections = languages.CONTENT / "fr" / "sections.yaml"
    sections.write_text(sections.read_text().replace("- key: ", "- key: x", 1))
    speaking.forget()
    assert said(tmp_path).startswith("engage/content/fr:1: sections/")


@pytest.mark.parametrize(
    ("name", "words"), [("xq", "is not the code of a language"), ("ar", "written from right to left")]
)
def test_what_engage_cannot_show_is_said(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        speaking.made_up(patch, tmp_path, "sw")
        for folder in (languages.CONTENT, languages.TEXTS):
            (folder / "sw").rename(folder / name)
        speaking.forget()
        assert words in said(tmp_path)
    speaking.forget()


def test_the_same_texts_give_the_same_catalog(french: Path) -> None:
    made = french.with_suffix(".mo")
    before = made.read_bytes()
    made.unlink()
    catalogs.compile_all(languages.TEXTS)
    assert made.read_bytes() == before
