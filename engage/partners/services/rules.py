"""Rules of the referral list: which words reveal a location, and how long a link is valid."""

import re
from datetime import date

from engage.partners.rules import plus_months

LINK_MONTHS = 12

# These words reveal a location, in addition to the addresses that an import recognizes. A street's name has
# none of these words before its kind: "2 nights at St. Mary" is no address.
_NO_NAMES = (
    r"at|in|of|for|to|and|or|a|an|the|per|with|from|on|by|is|are|hours?|hrs?|minutes?|days?|nights?|weeks?|months?"
    r"|years?|miles?|beds?|people|women|men|families|adults|children|teens|am|pm"
)
_PLACES = (
    re.compile(
        rf"(?<![\w$.,:/-])[0-9]{{1,6}}[a-z]?[ ](?:(?!(?:{_NO_NAMES})\b)[\w.'\u2019-]{{1,30}}[ ]){{1,4}}"
        r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|highway|hwy|parkway|pkwy|pike)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b[0-9]{1,6}[ ](?:state|county|us)[ ](?:route|rt|highway|hwy|road|rd)[ ][0-9]", re.IGNORECASE
    ),
    re.compile(r"\b(?:apt|apartment|suite|ste|unit)\b[.]?[ ]?#?[ ]?[0-9]{1,5}", re.IGNORECASE),
    re.compile(r"\b(?:calle|avenida|carretera)[ ][\w. ]{1,40}[0-9]", re.IGNORECASE),
    re.compile(
        r"\b(?:corner|intersection)[ ]of[ ]|\blocated[ ](?:at|behind|across|between|next)\b", re.IGNORECASE
    ),
    re.compile(
        r"\bmaps\.(?:app\.)?goo|\bgoo\.gl/maps|\bgoogle\.[a-z.]{2,6}/maps|\bmaps\.apple", re.IGNORECASE
    ),
    # These match coordinates in degrees, and a state with a ZIP code.
    re.compile(r"(?<![\d.])-?[0-9]{1,3}\.[0-9]{3,},[ ]?-?[0-9]{1,3}\.[0-9]{3,}"),
    re.compile(r"\b[A-Z]{2}[ ]{1,2}[0-9]{5}(?:-[0-9]{4})?\b"),
)


def says_where(text: str) -> bool:
    """Returns whether the text seems to reveal a location in another way than by a written address."""
    return any(pattern.search(text) for pattern in _PLACES)


def split(text: str) -> list[str]:
    """Returns the counties or languages in a text."""
    return [each for part in text.split(",") if (each := part.strip())]


def ends_on(made_on: date) -> date:
    """Returns the last day of a link that was made on this day."""
    return plus_months(made_on, LINK_MONTHS)
