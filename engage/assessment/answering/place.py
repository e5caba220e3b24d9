"""Says where a respondent's pages are: below the coalition for a member, below the entry link for a guest."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from msgspec import Struct


class Place(Struct, frozen=True):
    """The pages of one respondent. `at` is the start of their addresses, `title` the words that link to the first.

    A guest's pages show only the coalition's name, and take no free text.
    """

    blueprint: str
    at: Mapping[str, Any]
    title: str
    is_guest: bool = False

    def to(self, page: str, **more: object) -> str:
        """Returns the address of a page by its view's name, which both kinds of respondents have."""
        return url_for(f"{self.blueprint}.{page}", **{**self.at, **more})

    @property
    def outer(self) -> str:
        """Returns the template that surrounds the pages."""
        return "bare.html" if self.is_guest else "base.html"
