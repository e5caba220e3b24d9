"""Tests the theme's colors: what axe cannot measure in a page (charts, fields with a picture) is made of them."""

import re

import pytest

from engage.config import ROOT

TOKENS = (ROOT / "static" / "css" / "web" / "tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
GROUNDS = ("page", "surface", "teal-tint", "grey-tint", "amber-tint", "building", "hatch-a", "hatch-b")
# The words of each color, and the grounds that they stand on.
WORDS = {
    "ink": (*GROUNDS, "need", "strength"),
    "muted": ("page", "surface", "teal-tint", "amber-tint", "hatch-a", "hatch-b"),
    "teal": ("page", "surface", "teal-tint"),
    "plum": ("surface", "plum-tint"),
    "green": ("green-tint",),
    "blue": ("blue-tint",),
    "amber": ("surface", "amber-tint"),
    "grey": ("grey-tint",),
    "on-action": ("action", "action-hover"),
}
# What only has to be seen: the borders of fields, and what is chosen.
SHAPES = {"field-line": ("page", "surface"), "teal": ("page", "surface"), "action": ("page", "surface")}


def color(name: str, theme: str) -> tuple[int, int, int]:
    found = re.search(rf"--{name}: #([0-9a-f]+);", theme)
    assert found, name
    digits = found[1] if len(found[1]) == 6 else "".join(each * 2 for each in found[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(name: str, theme: str) -> float:
    parts = (each / 255 for each in color(name, theme))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    dark, light = sorted((luminance(one, theme), luminance(other, theme)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_every_ground_they_stand_on(theme: str) -> None:
    found = {(word, ground): contrast(word, ground, theme) for word, on in WORDS.items() for ground in on}
    assert {pair: f"{ratio:.2f}" for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_fields_and_what_is_chosen_have_an_edge_to_be_seen(theme: str) -> None:
    found = {(shape, ground): contrast(shape, ground, theme) for shape, on in SHAPES.items() for ground in on}
    assert {pair: f"{ratio:.2f}" for pair, ratio in found.items() if ratio < 3} == {}
