"""Finds an area of the toolkit or answers 404."""

from flask import abort

from engage.content.loader import content
from engage.content.model import Area


def known_area(key: str) -> Area:
    """Returns an area of the content; answers "not found" for any other."""
    found = next((area for area in content().areas if area.key == key), None)
    return found or abort(404)
