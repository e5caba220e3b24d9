"""Says what stands on a button or a label in the language of a journey."""

from functools import cache

from babel.messages.catalog import Catalog
from playwright.sync_api import Page

from engage import catalogs, languages
from engage.content.loader import load
from tests.browser.servers import Server


@cache
def _texts(language: str) -> Catalog:
    return catalogs.read(languages.TEXTS / language / "LC_MESSAGES" / "messages.po")


class Words:
    """The texts of one language; English stays as it is. Fails for a text that has no translation."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.content = load(languages.CONTENT / language)

    def __call__(self, text: str) -> str:
        if self.language == languages.ENGLISH:
            return text
        found = _texts(self.language).get(text)
        assert found is not None and isinstance(found.string, str) and found.string, text
        return found.string

    def count(self, one: str, many: str, number: int) -> str:
        """Returns the text for so many things, more than one, with the number in it."""
        if self.language == languages.ENGLISH:
            return many % {"num": number}
        found = _texts(self.language).get(one)
        assert found is not None and len(found.string) == 2, one
        return found.string[1] % {"num": number}


def speak(page: Page, server: Server, language: str) -> None:
    """Has this browser ask for a language, as a press on the switcher does."""
    page.context.add_cookies([{"name": languages.COOKIE, "value": language, "url": server.url}])
