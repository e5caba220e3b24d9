"""Imports all that Engage uses of flask-babel, so that only this file depends on it: its upstream is silent.

If it stops working with a new Flask or Babel, this file can replace it: `babel.support.Translations` finds
the texts of a language, `babel.dates` and `babel.numbers` write days and numbers, and `engage.extensions`
already chooses the language and the time zone of a request and stores them in `g`. The names here stay.
"""

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
    gettext,
    lazy_gettext,
    lazy_pgettext,
    ngettext,
    pgettext,
    refresh,
    to_user_timezone,
)

__all__ = [
    "Babel",
    "Domain",
    "LazyString",
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
