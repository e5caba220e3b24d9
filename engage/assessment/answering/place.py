"""Says where a respondent's pages lead: a member's below the coalition, a guest's below the link that let them in."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from msgspec import Struct


class Place(Struct, frozen=True):
    """The pages of one respondent. `at` is what their addresses share, `title` what leads back to the first one.

    A guest's pages show nothing of the coalition but its name, and take no free text.
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
        """Returns the template that stands around the pages."""
        return "bare.html" if self.is_guest else "base.html"
