"""Builds the results: by kind, each with what matched."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.search import catalog, queries, rules
from engage.search.labels import KIND_LABELS
from engage.search.queries import SearchHit
from engage.search.rules import Piece, SearchKind, Ways

# Up to FEW results of a kind are shown beside other kinds, and up to MANY if one kind is shown alone.
FEW, MANY = 5, 100


class Hit(Struct, frozen=True):
    """A result; `about` says what it is and where it belongs, `around` are the words around a match."""

    title: list[Piece]
    url: str
    about: str
    around: list[Piece]


class SearchPart(Struct, frozen=True):
    """The results of one kind; `more_url` leads to all of them, or is empty."""

    key: str
    title: str
    hits: list[Hit]
    more_url: str


class SearchResults(Struct, frozen=True):
    typed: str
    error: str
    parts: list[SearchPart]
    is_near: bool
    # This names the kind that is shown alone.
    only: str
    cut: bool

    @classmethod
    def of(cls, membership: Membership, typed: str, asked: str) -> "SearchResults":
        kind = SearchKind(asked) if asked in set(SearchKind) else None
        only = str(KIND_LABELS[kind]) if kind else ""
        words, error = rules.words_of(typed), ""
        if len(typed) > rules.LONGEST:
            error = _("Use at most %(most)s characters.", most=rules.LONGEST)
        elif typed and not words:
            error = _("Type a word or a number.")
        if error or not words:
            return cls(typed, error, [], is_near=False, only=only, cut=False)
        most = MANY if kind else FEW
        hits = _hits(membership, [[word] for word in words], kind, most)
        is_near = not hits and bool(near := rules.mistyped(words))
        if is_near:  # no text matches the words as typed, so each may have one letter wrong
            hits = _hits(membership, near, kind, most)
        parts = [
            SearchPart(
                each.value,
                str(KIND_LABELS[each]),
                there[:most],
                url_for("search.index", q=typed, kind=each.value) if not kind and len(there) > most else "",
            )
            for each in SearchKind
            if (there := hits.get(each))
        ]
        cut = kind is not None and any(len(there) > most for there in hits.values())
        return cls(typed, "", parts, is_near, only, cut)


def _hits(
    membership: Membership, words: Sequence[Ways], kind: SearchKind | None, most: int
) -> dict[SearchKind, list[Hit]]:
    hits = defaultdict(list)
    for row in queries.find(membership, words, kind, most):
        title, about = _named(row)
        hit = Hit(
            rules.marked(title, words), row.source.link(row.place), about, rules.excerpt(row.text, words)
        )
        hits[row.source.kind].append(hit)
    for each in catalog.find(membership, words):
        if kind in (None, each.kind):
            hit = Hit(rules.marked(each.title, words), each.url, each.word, rules.excerpt(each.text, words))
            hits[each.kind].append(hit)
    return hits


def _named(row: SearchHit) -> tuple[str, str]:
    """Returns a row's title and its kind: "Alma Ruiz" and "Contact, Harbor House"."""
    word = str(row.source.word)
    if row.title:
        title = row.source.said(row.place, row.title) if row.source.said else row.title
        return title, f"{word} · {row.above}" if row.above else word
    if row.source.kind is SearchKind.TIPS:
        known = {item.key: item.text for item in chain.from_iterable(tip.items for tip in content().tips)}
        return known.get(row.place.at, word), word
    return (row.above, word) if row.above else (word, "")
