"""Turns names as people write them in a cell: "Lee, Ann"."""

import re

# After a comma, these words belong to the name before it.
_BEHIND = frozenset(
    re.findall(
        r"\w+",
        "inc llc ltd corp co pc pllc jr sr ii iii iv phd edd dsw md do rn np msn msw mssw lsw lisw licsw lcsw lpc lpcc"
        " lmft esq jd mba mpa mph ma ms chair cochair chairperson vicechair director coordinator president secretary"
        " treasurer",
    )
)
_LEADING_AND = re.compile(r"(?:and|&)\s+", re.IGNORECASE)


def turned(name: str) -> str:
    """Returns "Ann Lee" for "Lee, Ann" and "Lee, Ann, MSW"; blank unless the name has two short parts."""
    parts = commas(name)
    while parts and _is_behind(parts[-1]):
        parts.pop()
    return (
        f"{parts[1]} {parts[0]}" if len(parts) == 2 and all(len(each.split()) < 3 for each in parts) else ""
    )


def commas(text: str) -> list[str]:
    """Splits a name at its commas."""
    return [part for each in text.split(",") if (part := _LEADING_AND.sub("", each.strip(), count=1))]


def _is_behind(part: str) -> bool:
    return any(_letters(each) in _BEHIND for each in (part, part.partition("-")[0]))


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word.casefold()))
