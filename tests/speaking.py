"""Makes up a language for a test, in folders of its own: a few texts, and the content with a few words changed."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from engage import catalogs, languages
from engage.assessment.languages import stored_questions, translated
from engage.content import loader
from engage.i18n import TEXTS as DOMAIN

NAME = "fr"
TEXTS = {
    "Sign in": "S’identifier",
    "Save": "Enregistrer",
    "Skip to the main content": "Aller au contenu",
    "Late": "En retard",
    "No agenda yet.": "Pas encore d’ordre du jour.",
    "Please confirm your sign-up": "Confirmez votre inscription",
    "Engage: choose a new password": "Engage : choisir un mot de passe",
}


def forget() -> None:
    """Has everything look for the languages anew."""
    languages.offered.cache_clear()
    loader._content.cache_clear()
    translated.cache_clear()
    stored_questions.cache_clear()
    DOMAIN.cache.clear()


def write_texts(source: Path, texts: Mapping[str, str]) -> Path:
    source.parent.mkdir(parents=True, exist_ok=True)
    quoted = {name: re.sub(r'(["\\])', r"\\\1", text) for name, text in texts.items()}
    rows = "\n".join(f'msgid "{name}"\nmsgstr "{text}"\n' for name, text in quoted.items())
    source.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{rows}')
    return source


def made_up(
    monkeypatch: pytest.MonkeyPatch, folder: Path, name: str = NAME, texts: Mapping[str, str] = TEXTS
) -> Path:
    """Adds the language to English alone, and returns the file of its texts; `forget` at the end of the test."""
    content = folder / "content"
    shutil.copytree(languages.CONTENT / "en", content / "en")
    shutil.copytree(languages.CONTENT / "en", content / name)
    areas = content / name / "areas.yaml"
    areas.write_text(areas.read_text().replace("name: Prevention", "name: Prévention"))
    shutil.copy(languages.TEXTS / catalogs.TEMPLATE, folder)
    source = write_texts(folder / name / "LC_MESSAGES" / "messages.po", texts)
    catalogs.compile_all(folder)
    monkeypatch.setattr(languages, "TEXTS", folder)
    monkeypatch.setattr(languages, "CONTENT", content)
    forget()
    return source
