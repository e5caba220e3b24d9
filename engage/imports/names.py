"""Parses names as people write them in a cell: "Lee, Ann", "Dr. Ann Lee", "Ann Lee and Bob Ray"."""

import re

_BEFORE = frozenset(
    re.findall(
        r"\w+",
        "dr mr mrs ms miss mx prof professor rev reverend fr father sr sister pastor rabbi imam hon judge magistrate"
        " sheriff chief deputy officer det detective sgt sergeant lt lieutenant capt captain",
    )
)
# After a comma, these words belong to the name before it.
_BEHIND = frozenset(
    re.findall(
        r"\w+",
        "inc llc ltd corp co pc pllc jr sr ii iii iv phd edd dsw md do rn np msn msw mssw lsw lisw licsw lcsw lpc lpcc"
        " lmft esq jd mba mpa mph ma ms chair cochair chairperson vicechair director coordinator president secretary"
        " treasurer",
    )
)
# A text of more words is likely a sentence, not a name.
_MOST_WORDS = 5
_AND = re.compile(r"\s*[&/+]\s*|\s+(?:and|with)\s+", re.IGNORECASE)
_LEADING_AND = re.compile(r"(?:and|&)\s+", re.IGNORECASE)


def turned(name: str) -> str:
    """Returns "Ann Lee" for "Lee, Ann" and "Lee, Ann, MSW"; blank unless the name has two short parts."""
    parts = commas(name)
    while parts and _is_behind(parts[-1]):
        parts.pop()
    return (
        f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(len(each.split()) < 3 for each in parts) else ""
    )


def plain(name: str) -> str:
    """Returns a name without titles, degrees or parentheses: "Ann Lee" for "Dr. Ann Lee, PhD (chair)"."""
    first, *behind = commas(re.sub(r"\([^()]*\)", " ", name)) or [""]
    if not all(map(_is_behind, behind)):
        return name
    words = first.split()
    while len(words) > 2 and _letters(words[0]) in _BEFORE:
        words.pop(0)
    return " ".join(words)


def commas(text: str) -> list[str]:
    """Splits a name at its commas."""
    return [part for each in text.split(",") if (part := _LEADING_AND.sub("", each.strip(), count=1))]


def ands(text: str) -> list[str]:
    """Returns the parts between "and", "&" and slashes. An organization's name may contain these, too."""
    return [part for each in _AND.split(text) if (part := each.strip())]


def are_full(parts: list[str]) -> bool:
    """Returns whether each part is a full name of a person or an organization."""
    return len(parts) > 1 and not any(
        _is_behind(part) or not 2 <= len(part.split()) <= _MOST_WORDS for part in parts
    )


def is_short_for(said: list[str], words: list[str]) -> bool:
    """Returns whether a name may abbreviate another: "Ann", "Lee", "Ann L." and "A. Lee" for "Ann Lee".

    Both arguments are in the form that `words_of` returns.
    """
    if len(words) < 2:
        return False
    if len(said) == 1:
        return len(said[0]) > 1 and said[0] in {words[0], words[-1]}
    return len(said) == 2 and all(
        own == other or (len(own) == 1 and other.startswith(own))
        for own, other in zip(said, (words[0], words[-1]), strict=True)
    )


def words_of(name: str) -> list[str]:
    """Returns the words of a name, in lower case and without punctuation."""
    return re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", name.casefold())


def _is_behind(part: str) -> bool:
    return any(_letters(each) in _BEHIND for each in (part, part.partition("-")[0]))


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word.casefold()))
