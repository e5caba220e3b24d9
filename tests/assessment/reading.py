"""Finds everything that a reader of a round can open, from the URL map and from the links of those pages.

A new page is read too, as soon as it asks the database for what the assessment holds.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from flask import Flask
from werkzeug.routing import Rule

from tests.client import EngageClient
from tests.databases import counted_queries
from tests.files import said
from tests.html import Page

HERE = "/c/riverbend/"
# Numbers to try where an address asks for one that is not the round's: releases, needs, actions.
NUMBERS = ("1", "2")
ASKS_THE_ASSESSMENT = re.compile(r"\bassessment_(answer|response|release|effort|agreed_value|paper)\b")
# A report is there for ten periods and more, each in sixteen ways. This month holds a closing, the one before none.
DAYS = re.compile(r"\d{4}-\d\d-\d\d")
PERIODS = 2
# What two readings of one page may differ in, beside the order of its pieces: notes are mixed at every reading.
PIECES = re.compile(r"<[^>]*>|[^<\n]+")
# What differs each time, and the numbers of rows, which go on from world to world on PostgreSQL.
CHANGES = re.compile(
    r'(name="csrf_token" [^>]*value="[^"]*")|(nonce="[^"]*")|(name="(?:needs|by_hand)" value="\d+")'
)


def addresses(app: Flask, round_id: int, keys: Iterable[str]) -> Iterator[str]:
    """Yields every GET address of a coalition without parameters, and every one of this round."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule.startswith("/c/<slug>/"):
            names = rule.arguments - {"slug"}
            if not names or "round_id" in names:
                yield from _filled(rule, round_id, list(keys))


def _filled(rule: Rule, round_id: int, keys: list[str]) -> Iterator[str]:
    parameters = re.findall(r"<(?:([^:<>]+):)?([^<>]+)>", rule.rule)
    choices = [
        ["riverbend"]
        if name == "slug"
        else [str(round_id)]
        if name == "round_id"
        else NUMBERS
        if kind.startswith(("id", "int"))
        else keys
        for kind, name in parameters
    ]
    for values in product(*choices):
        found = iter(values)
        yield re.sub(r"<[^<>]+>", lambda _match, found=found: next(found), rule.rule)


def worth_reading(client: EngageClient, paths: Iterable[str]) -> list[str]:
    """Returns those of these addresses, and of what they link to, whose answer rests on what people answered."""
    found: dict[str, None] = {}
    waiting, seen, alike = list(paths), set(), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        kind = DAYS.sub("", path)
        if path in seen or path.endswith("/leave") or alike[kind] == PERIODS:
            continue
        seen.add(path)
        alike[kind] += 1
        with counted_queries() as statements:
            answer = client.get(path)
        if answer.status_code != 200 or not any(map(ASKS_THE_ASSESSMENT.search, statements)):
            continue
        found[path] = None
        if answer.mimetype == "text/html" and len(found) < 200:
            links = (node.attributes.get("href") or "" for node in Page(answer).all("main a[href], svg a"))
            waiting += [link.split("#")[0] for link in links if link.startswith(HERE)]
    return list(found)


def reading(client: EngageClient, paths: Iterable[str]) -> dict[str, list[str]]:
    """Returns what this person's browser gets at each address, piece by piece, in an order that says nothing."""
    found = {}
    for path in paths:
        answer = client.get(path)
        text = said(answer) if answer.status_code == 200 else str(answer.status_code)
        found[path] = sorted(PIECES.findall(CHANGES.sub("", text)))
    return found


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """Returns the first pieces that tell two readings apart, by page."""
    found = []
    for path in one:
        if one[path] != other[path]:
            apart = set(one[path]) ^ set(other[path])
            found += [f"{path}: {line.strip()[:300]}" for line in sorted(apart)[:4]]
    return found
