"""Builds the addresses of a respondent's pages: below the coalition for a member, below the entry link for a guest."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from msgspec import Struct


class RespondentPages(Struct, frozen=True):
    """The pages of one respondent. `at` are the arguments of every address, `title` is the link to the first page.

    A guest's pages show only the coalition's name, and have no field for notes.
    """

    blueprint: str
    at: Mapping[str, Any]
    title: str
    is_guest: bool = False
    # A phone tells by it whose questions it keeps; it says nothing to anyone.
    mark: str = ""

    def to(self, page: str, **more: object) -> str:
        """Returns the address of a page by the name of its view, which is the same for members and guests."""
        return url_for(f"{self.blueprint}.{page}", **{**self.at, **more})

    @property
    def outer(self) -> str:
        """Returns the base template of the pages."""
        return "bare.html" if self.is_guest else "base.html"
