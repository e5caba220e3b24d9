"""Imports all that Engage uses of flask-babel, so that only this file depends on it: its upstream is silent.

If it stops working with a new Flask or Babel, this file can replace it: `babel.support.Translations` finds
the texts of a language, `babel.dates` and `babel.numbers` write days and numbers, and `engage.extensions`
already chooses the language and the time zone of a request and stores them in `g`. The names here stay.
"""

from babel.support import NullTranslations
from flask import g, has_app_context
from flask_babel import (
    Babel,
    Domain,
    LazyString,
    force_locale,
    format_date,
    format_datetime,
    format_decimal,
    format_time,
    get_locale,
    get_timezone,
    refresh,
    to_user_timezone,
)

from engage import languages

__all__ = [
    "TEXTS",
    "Babel",
    "LazyString",
    "Texts",
    "force_locale",
    "format_date",
    "format_datetime",
    "format_decimal",
    "format_time",
    "get_locale",
    "get_timezone",
    "gettext",
    "lazy_gettext",
    "lazy_pgettext",
    "ngettext",
    "pgettext",
    "refresh",
    "to_user_timezone",
]


class Texts(Domain):
    """The texts in all languages, with a cache of a request's translations.

    A page asks for hundreds of texts, and finding the catalog takes longer than translating one.
    """

    @property
    def translation_directories(self) -> list[str]:
        return [str(languages.TEXTS)]

    def get_translations(self) -> NullTranslations:
        if not has_app_context():
            return NullTranslations()
        here = g._get_current_object()  # using the proxy each time would be as slow as finding the text
        if "translations" not in here:
            here.translations = super().get_translations()
        return here.translations


TEXTS = Texts()
gettext, ngettext, pgettext = TEXTS.gettext, TEXTS.ngettext, TEXTS.pgettext
lazy_gettext, lazy_pgettext = TEXTS.lazy_gettext, TEXTS.lazy_pgettext
