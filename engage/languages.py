"""Lists the languages of this installation: English, and each with a folder of texts and one of content."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError, localedata

from engage import catalogs
from engage.errors import ContentError

ENGLISH = "en"
# This cookie stores the language that a link chose for this browser. It holds nothing about the person.
COOKIE = "language"
ASKED = "lang"
# Native speakers have read all the texts of these languages, as docs/translating.md describes.
REVIEWED = frozenset({ENGLISH})
TEXTS = Path(__file__).parent / "translations"
CONTENT = Path(__file__).parent / "content"


@cache
def offered() -> tuple[str, ...]:
    """Returns the languages by the names of their folders, English first."""
    with_texts = (source.parents[1].name for source in catalogs.sources(TEXTS))
    return ENGLISH, *(name for name in with_texts if name != ENGLISH and (CONTENT / name).is_dir())


def known(name: str | None) -> str:
    """Returns the offered language for a name such as *es* or *es-MX*; "" if it is not offered."""
    asked = (name or "").replace("-", "_")
    return next((each for each in (asked, asked.partition("_")[0].lower()) if each in offered()), "")


def first_known(*names: str | None) -> str:
    """Returns the first of these languages that is offered, else English.

    Mails choose their language this way.
    """
    return next(filter(None, map(known, names)), ENGLISH)


@cache
def locale_of(language: str) -> str:
    """Returns the locale for a language's dates and numbers: that of the United States, if CLDR has it."""
    here = f"{language}_US"
    return here if language != ENGLISH and localedata.exists(here) else language


@cache
def own_name(language: str) -> str:
    """Returns a language's name in that language, capitalized: *Español*."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def refuse_broken() -> None:
    """Raises a ContentError for a language whose files are broken."""
    for source in catalogs.sources(TEXTS):
        name = source.parents[1].name
        if name not in offered():
            continue
        if problem := _problem(source, name):
            raise ContentError(f"engage/translations/{name}/LC_MESSAGES/{source.name}", 1, problem)


def _problem(source: Path, name: str) -> str:
    try:
        locale = Locale.parse(name)
    except (ValueError, UnknownLocaleError):
        return f"“{name}” is not the code of a language; see docs/translating.md."
    if locale.text_direction != "ltr":
        return f"{locale.english_name} is written from right to left, which Engage does not support."
    if not catalogs.is_fresh(source):
        return (
            "its compiled texts are missing, broken or older than the code. "
            "Type on a server: make install; elsewhere: engage messages"
        )
    return ""


# -- letters


def plain(text: str) -> str:
    """Returns the text without accents and other marks, ﬁ as fi; letter case stays.

    It works letter by letter, because `unicodedata.normalize` takes quadratic time to sort a run of marks.
    """
    return text if text.isascii() else "".join(map(_plain, text))


@lru_cache(2048)
def _plain(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
