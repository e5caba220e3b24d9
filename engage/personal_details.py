"""Checks whether a text seems to hold someone's personal or case details. It warns; it never blocks.

Engage must never hold details of a case. This check reads a free text before it is saved and names the places
that look like a phone number, a birth date, a case number, an identity number or, if there is none of these,
a story about a person (`engage.narrative_detector`). It prefers silence for numbers that coalitions write every day
(meeting dates, dial-ins, help lines, money, ranges), because people ignore a warning that comes too often. A
finding has only positions, so that it can be logged or raised without the text.

Every pattern has bounded repeats, so that the time grows only with the length of the text.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct

from engage.languages import plain
from engage.narrative_detector import story_in


class DetailKind(StrEnum):
    PHONE = "phone"
    DATE = "date"
    CASE_NUMBER = "case_number"
    IDENTITY_NUMBER = "identity_number"
    STORY = "story"
    # This kind is a location; only the referral list, whose services must not reveal theirs, checks for it.
    PLACE = "place"


class Finding(Struct, frozen=True):
    """A part of a text, `text[start:end]`, that looks like `kind`; positions are those in the given text."""

    kind: DetailKind
    start: int
    end: int


def findings(text: str, today: date, allowed: Collection[str] = ()) -> tuple[Finding, ...]:
    """Returns what looks like personal details, in the order of the text, without overlaps.

    `allowed` are phone numbers, in any spelling, that are no finding: the coalition's own help line.
    """
    if _A_DIGIT.search(text) and (numbers := _numbers(text, today, allowed)):
        return numbers
    place = story_in(text)
    return (Finding(DetailKind.STORY, *place),) if place else ()


def _numbers(text: str, today: date, allowed: Collection[str]) -> tuple[Finding, ...]:
    plain = _masked(text.translate(_ALIKE))
    found = [
        *_identity_numbers(plain),
        *_case_numbers(plain),
        *_dates(plain, today),
        *_phones(plain, _HELP_LINES.union(*map(_dialed, allowed))),
    ]
    found.sort(key=lambda finding: finding.start)  # the sort is stable: the more serious kind stays first
    apart: list[Finding] = []
    for finding in found:
        if not apart or finding.start >= apart[-1].end:
            apart.append(finding)
    return tuple(apart)


def fingerprint(text: str) -> str:
    """Returns a fingerprint of a text, so that its writer has to accept a warning only once.

    Spaces, letter case, accents and width do not count.

    A form sends it along. Never store or log it, because a short text could be guessed from it.
    """
    folded = " ".join(plain(text).casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# -- unify dashes, spaces, quotes and digits without changing the length, so that positions stay right

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict(zip("\uff08\uff09\uff0f\uff0e\uff1a\uff0b\uff03", "()/.:+#", strict=True)),
    }
)
_A_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}", re.IGNORECASE)


def _masked(text: str) -> str:
    """Replaces web and mail addresses, whose digits are no finding, by as many blanks."""
    return _ADDRESS.sub(lambda match: "\u241f" * len(match[0]), text)


# A match must not begin inside a word, an amount or a longer number.
_APART = r"(?<![0-9A-Za-z$])(?<![$][ ])(?<![0-9][-/.,:])"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE | re.VERBOSE | re.ASCII)


# -- identity numbers

_SSN_WORD = r"(?: ssn | social[ ]security | ss[ ]?(?=\#) | itin ) (?:[ ](?:number|no\b\.?|num\b\.?))?"
_IS = r"[ :\#=-]{0,3} (?:(?:is|was|are|ends?[ ]in|ending|ending[ ]in|es)[ :]{1,2})?"
_PAPER = r"""
    (?: passport(?:[ ](?:book|card))? | pasaporte | driver'?s?[ ]licen[sc]e | state[ ]id | green[ ]card | i-94
      | alien(?:[ ]registration)? | a-?number | visa[ ](?=n|\#) | medicaid(?:[ ]id)? | curp )
    (?:[ ](?:number|no\b\.?|num\b\.?|id|n[u\u00fa\u00da]mero))?
"""
_IDENTITY = (
    _pattern(_APART + r"[0-9x*]{3} (?P<gap>[- .]) [0-9x*]{2} (?P=gap) [0-9]{4} (?![0-9]|-[0-9])"),
    _pattern(r"\b" + _SSN_WORD + _IS + r"[0-9] (?:[ -]?[0-9]){8} (?![0-9])"),
    _pattern(r"\bssn\b (?:[ ](?:number|no\b\.?))?" + _IS + r"(?!(?:19|20)[0-9]{2}\b) [0-9]{4} (?![0-9])"),
    _pattern(
        r"\blast[ ](?:four|4)\b [a-z ]{1,20} \b(?:ssn|social)\b (?:[ ]security)? (?:[ ]number)?"
        + _IS
        + r"[0-9]{4} (?![0-9])"
    ),
    re.compile(r"(?<![0-9A-Za-z])A[-#]{0,2} ?(?:[0-9]{8,9}|[0-9]{3}([- ])[0-9]{3}\1[0-9]{3})(?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z#-])(?!FY|CY|PY|SY)[A-Z]{1,2}[0-9]{7,9}(?![0-9A-Za-z]|-[0-9])"),
    _pattern(
        r"\b" + _PAPER + _IS + r"(?!(?:19|20)[0-9]{2}-) [a-z]{0,3} [0-9] (?:[ -]?[0-9]){5,11} (?![0-9])"
    ),
)


def _identity_numbers(text: str) -> Iterator[Finding]:
    for pattern in _IDENTITY:
        for match in pattern.finditer(text):
            yield Finding(DetailKind.IDENTITY_NUMBER, *match.span())


# -- case numbers

_VALUE = r"""
    (?P<value> (?=[a-z:./-]{0,8}[0-9]) [a-z0-9] (?:[a-z0-9:/.-]{0,24}[a-z0-9])?
      (?:[ ](?:cr|cv|cf|jv|mj)[ ][0-9]{3,8})? )
    (?![0-9a-z]|,[0-9]{3})
"""
_FILED = r"""
    \b(?P<word> case | cause | docket | incident | warrant | booking | inmate | report | file | matter
      | citation | complaint | petition | offense | caso | expediente | carpeta )
"""
_NUMBERED = _pattern(
    _FILED
    + r"(?:[ ]?(?:file[ ])?(?:\#|number\b|no\b\.?:?|num\b\.?|nr\b\.?|id\b|n[u\u00fa\u00da]m(?:ero|\.)))"
    + _IS
    + _VALUE
)
_PLAIN_FILED = _pattern(r"(?<!in[ ])" + _FILED + r"(?:[ ]?:)?[ ]" + _VALUE)
_COURTS = r"(?:crim|cr|cv|cf|cm|mj|mc|jv|ju|jd|dp)"
_DOCKETS = (
    _pattern(_APART + r"(?:[0-9]{1,2}:)? (?:[0-9]{4}|[0-9]{2}) -?" + _COURTS + r"-? [0-9]{3,7} (?![0-9a-z])"),
    _pattern(r"(?<![0-9a-z-])" + _COURTS + r"-? (?:[0-9]{4}|[0-9]{2}) - [0-9]{3,7} (?![0-9a-z])"),
    _pattern(r"(?<![0-9a-z]) (?:eac|wac|lin|src|nbc|msc|ioe|ysc) (?:[ -]?[0-9]){10} (?![0-9a-z])"),
)
_PERIOD = _pattern(
    r"(?:[fcsp]y|q[1-4])? -? (?:19|20)[0-9]{2}"
    r"(?:[-/](?:(?:19|20)[0-9]{2} | [0-9]{1,2} | [0-9]{1,2}[-/][0-9]{1,2}))?"
)
_SHORT_DATE = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})")
_COURT_LIKE = _pattern(
    r"(?:19|20)[0-9]{2}-[0-9]{3,} | [0-9]{2}-(?:0[0-9]{2,}|[0-9]{4,})"
    r"| (?=[^a-z]{0,12}[a-z]) [a-z]{0,4} [0-9:/.-]{2,} [a-z0-9:/.-]*"
)
_BARE = frozenset({"case", "cause", "docket", "incident", "warrant", "booking", "inmate", "expediente"})


def _case_numbers(text: str) -> Iterator[Finding]:
    for match in _NUMBERED.finditer(text):
        if _digits(match["value"]) >= 3 and not _is_period(match["value"]):
            yield Finding(DetailKind.CASE_NUMBER, *match.span())
    for match in _PLAIN_FILED.finditer(text):
        value, enough = match["value"], _digits(match["value"])
        bare = value.isdigit() and enough >= 5 and match["word"].lower() in _BARE
        court_like = enough >= 4 and _COURT_LIKE.fullmatch(value.split(" ")[0])
        if (bare or court_like) and not _is_period(value):
            yield Finding(DetailKind.CASE_NUMBER, *match.span())
    for pattern in _DOCKETS:
        for match in pattern.finditer(text):
            yield Finding(DetailKind.CASE_NUMBER, *match.span())


def _digits(value: str) -> int:
    return sum(character.isdigit() for character in value)


def _is_period(value: str) -> bool:
    """Returns whether the text is a year, a span of years, a month or a day: "report 2026-27" is no case."""
    return bool(_PERIOD.fullmatch(value) or _SHORT_DATE.fullmatch(value))


# -- dates that may be someone's birth date

_MONTH = r"""
    (?P<month> jan(?:uary)? | feb(?:ruary)? | mar(?:ch|zo)? | apr(?:il)? | mayo? | june? | junio | july?
      | julio | aug(?:ust)? | sept?(?:ember|iembre)? | setiembre | oct(?:ober|ubre)? | nov(?:ember|iembre)?
      | dec(?:ember)? | enero | febrero | abril | agosto | diciembre ) (?![a-z]) \.?
"""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "ene"),
            ("feb",),
            ("mar",),
            ("apr", "abr"),
            ("may",),
            ("jun",),
            ("jul",),
            ("aug", "ago"),
            ("sep", "set"),
            ("oct",),
            ("nov",),
            ("dec", "dic"),
        ),
        start=1,
    )
    for name in names
}
_DAY = r"(?P<a>[0-9]{1,2}) (?:st|nd|rd|th|\u00ba)?"
_YEAR = r"(?P<year>(?:18|19|20)[0-9]{2}|'[0-9]{2}) (?![0-9])"
_END = r"(?![0-9]|[/.][0-9])"
_DATES = (
    _pattern(
        _APART
        + r"(?P<year>(?:19|20)[0-9]{2}) (?P<gap>[-/.]) (?P<a>[0-9]{1,2}) (?P=gap) (?P<b>[0-9]{1,2})"
        + _END
    ),
    _pattern(
        _APART
        + r"(?P<a>[0-9]{1,2}) (?P<gap>[ ]?[-/.][ ]?) (?P<b>[0-9]{1,2}) (?P=gap) (?P<year>[0-9]{4}|[0-9]{2})"
        + _END
    ),
    _pattern(r"(?<![a-z])" + _MONTH + r"[ -]{0,2}" + _DAY + r"(?:[ ]?,?[ ]?(?:(?:of|in)[ ])?|[-/])" + _YEAR),
    _pattern(
        _APART
        + _DAY
        + r"[ ./-]? (?:(?:of|de)[ ])?"
        + _MONTH
        + r"(?:[ ,./-]{0,2} (?:del?[ ])?"
        + _YEAR
        + r"| [-/](?P<short>[0-9]{2})(?![0-9]))"
    ),
    _pattern(_APART + r"(?P<year>(?:19|20)[0-9]{2}) [ ,-]{1,2}" + _MONTH + r"[ -]" + _DAY + r"(?![0-9])"),
)
_BIRTH_PAPER = r"dob | d\.o\.b\.? | date[ ]of[ ]birth | birth[ -]?date | fecha[ ]de[ ]nacimiento"
_BIRTH = (
    _BIRTH_PAPER + r"| birthday | b-?day | born | nacid[oa] | naci[\u00f3\u00d3] | cumplea[\u00f1\u00d1]os"
)
_BORN = _pattern(
    r"\b(?: (?P<paper>" + _BIRTH_PAPER + r") |" + _BIRTH + r") (?![a-z]) [ :=,(-]{0,3}"
    r"(?:(?:is|was|on|in|el|en|es|about)[ ]){0,2}"
    r"(?: [0-9]{1,2}[ ]?[-/.][ ]?(?P<year>[0-9]{4}|[0-9]{2})"
    r"  | [0-9]{1,2}[ ][0-9]{1,2}[ ](?P<spaced>[0-9]{4}|[0-9]{2})"
    r"  | [0-9]{4}(?P<run_on>(?:19|20)[0-9]{2}) | (?P<sorted>(?:19|20)[0-9]{2})[0-9]{4}"
    r"  | " + _MONTH + r",?[ ](?:of[ ])?(?P<of_month>(?:19|20)[0-9]{2}) )" + r"(?![0-9]|[-/.][0-9])"
)
_ENDS_WITH_BIRTH = _pattern(r"\b(?:" + _BIRTH + r")(?![a-z])[^0-9.\n]{0,15}\Z")
_ENDS_WITH_BIRTH_PAPER = _pattern(r"\b(?:" + _BIRTH_PAPER + r")(?![a-z])[^0-9\n]{0,15}\Z")
# Groups have birthdays, too: the day on which one was founded, or a law took effect, is public.
_PUBLIC_EVENT = _pattern(
    r"\b(?:founded|incorporated|enacted|signed[ ]into[ ]law|ratified|chartered|amended|effective|bylaws|mou"
    r"|act)\b [^.!?\n]*\Z"
)


class _Day(Struct, frozen=True, order=True):
    """A day as typed. It may be February 31, because a birth date with a typo is still a birth date."""

    year: int
    month: int
    day: int


def _dates(text: str, today: date) -> Iterator[Finding]:
    oldest_plan = _Day(today.year - 3, today.month, today.day)
    newest = _Day(today.year, today.month, today.day)
    for pattern in _DATES:
        for match in pattern.finditer(text):
            day = _day(match, today)
            before = text[max(0, match.start() - 40) : match.start()]
            if day is None or day.year < today.year - 120:
                continue
            if _ENDS_WITH_BIRTH_PAPER.search(before):
                personal = day <= newest
            else:
                personal = (
                    day < oldest_plan
                    and (not _may_be_a_list(match) or bool(_ENDS_WITH_BIRTH.search(before)))
                    and not (_PUBLIC_EVENT.search(before) and not _ENDS_WITH_BIRTH.search(before))
                )
            if personal:
                yield Finding(DetailKind.DATE, *match.span())
    for match in _BORN.finditer(text):
        typed = next(
            filter(
                None,
                (match[name] for name in ("year", "spaced", "run_on", "sorted", "of_month")),
            )
        )
        year = _full_year(typed, today)
        if today.year - 120 <= year and (year <= today.year if match["paper"] else year < today.year - 3):
            yield Finding(DetailKind.DATE, *match.span())


def _day(match: re.Match[str], today: date) -> _Day | None:
    part = match.groupdict()
    year = _full_year(part["year"] or part["short"], today)
    if part.get("month"):
        month, day = _MONTHS[part["month"][:3].lower()], int(part["a"])
    else:
        month, day = int(part["a"]), int(part["b"])
        if month > 12:  # the day is before the month: 25/12/1994
            month, day = day, month
    return _Day(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _full_year(typed: str, today: date) -> int:
    """Returns the four-digit year.

    Two digits are at most ten years ahead: plans look forward, birth dates look back.
    """
    year = int(typed.lstrip("'"))
    if len(typed.lstrip("'")) == 4:
        return year
    return 2000 + year if 2000 + year <= today.year + 10 else 1900 + year


def _may_be_a_list(match: re.Match[str]) -> bool:
    """Returns whether the numbers may be a list rather than a date.

    "5-10-15 minutes" and "2.10.15" are rarely dates; "3-5-94", "03-05-12" and "3/5/12" usually are.
    """
    part = match.groupdict()
    if part.get("b") is None or len(part["year"]) == 4 or "/" in part["gap"]:
        return False
    return not (int(part["year"]) >= 40 or part["a"].startswith("0") or part["b"].startswith("0"))


# -- phone numbers

_FULL_NUMBER = _pattern(
    _APART
    + r"""(?: (?:\+|\b011[ .-]?) [1-9] (?:[ .()-]{0,2}[0-9]){7,14}
       | (?:\+?1[ .-]{0,2})? (?: \([0-9]{3}\)[ .-]{0,2}[0-9]{3}[ .-]{0,2}[0-9]{4}
           | [0-9]{3}[ ]?[-./][ ]?[0-9]{3}[ .-]{0,3}[0-9]{4}
           | [2-9][0-9]{2}[ ]{1,2}[0-9]{3}[ .-]{1,3}[0-9]{4}
           | [2-9][0-9]{9} ) ) (?![0-9]|-[0-9]|,[0-9]{3})"""
)
_LOCAL_NUMBER = _pattern(
    _APART + r"(?<![a-z]-) [2-9][0-9]{2} (?P<gap>[-. ]) (?P<line>[0-9]{4}) (?![0-9]|-[0-9]|[.][0-9])"
)
_SAYS_PHONE = _pattern(
    r"\b(?:call(?:s|ed|ing)?|phone|ph|cell|mobile|tel|telephone|text(?:s|ed|ing)?|fax|whatsapp|signal"
    r"|celular|tel\u00e9fono|number[ ]is)\b [^0-9\n]{0,20}\Z | \bnumber:[ ]{0,2}\Z"
)
_SAYS_REFERENCE = _pattern(
    r"\b(?:room|rm|section|sec|suite|unit|bill|hb|sb|code|chapter|page|pp?|route|part|grant|award|law"
    r"|act|ordinance|resolution|item|article|title|standard|rule|policy|form|no|statute"
    r"|lot|model)\b[. :\#]{0,3}\Z|[\u00a7\#][ ]?\Z"
)
_DIAL_IN = _pattern(
    r"\bdial(?:ing)?[ -]?in\b | \bcall-in\b | \bconference\b | \bmeeting[ ]id\b | \bwebinar\b | \bzoom\b"
    r"| \b(?:pass|access|conference)[ ]?code\b | \bby[ ](?:tele)?phone\b | \bbridge[ ]line\b"
)
_PUBLIC_LINE = _pattern(
    r"\bdial\b | \bhot-?[ ]?line | \bhelp-?[ ]?line | \bcrisis[ ]line | \blifeline | \btoll[ -]free"
)
_SOMEBODYS = _pattern(r"\b(?:cell|mobile|text|texts|home|personal)\b")
_TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")

# a number with letters, such as 1-800-THE-LOST
_VANITY = re.compile(r"(?<![0-9])[0-9]{3}-(?=[0-9-]*[a-z])[0-9a-z]{3}-?[0-9a-z]{4}")


def _dialed(number: str) -> frozenset[str]:
    """Returns a number's ten digits, and its last seven for local calls; letters count as on a keypad."""
    number = number.translate(_ALIKE).casefold()
    with_letters = _VANITY.search(number)
    if with_letters:
        number = with_letters[0].translate(_KEYPAD)
    digits = "".join(re.findall("[0-9]", number))
    digits = digits.removeprefix("011").removeprefix("1")
    return frozenset({digits, digits[:10], digits[3:10] if len(digits) >= 10 else digits[:7]}) - {""}


# These are the national lines that /help names. Short ones (911, 988, 711, 233733) match no pattern here.
_HELP_LINES = frozenset().union(*map(_dialed, ("1-888-373-7888", "1-800-422-4453", "1-800-843-5678")))


def _phones(text: str, allowed: frozenset[str]) -> Iterator[Finding]:
    for match in _FULL_NUMBER.finditer(text):
        digits = "".join(re.findall("[0-9]", match[0])).removeprefix("1")
        if digits not in allowed and not _is_dial_in(text, match, digits):
            yield Finding(DetailKind.PHONE, *match.span())
    for match in _LOCAL_NUMBER.finditer(text):
        if (
            match["line"]
            and match[0].replace(match["gap"], "") not in allowed
            and _is_local_phone(text, match)
        ):
            yield Finding(DetailKind.PHONE, *match.span())


def _is_dial_in(text: str, match: re.Match[str], digits: str) -> bool:
    start, end = match.span()
    if _SOMEBODYS.search(text[max(0, start - 20) : start]):
        return False
    if digits[:3] in _TOLL_FREE and len(digits) == 10:
        near = text[max(0, start - 60) : end + 60]
        return bool(_DIAL_IN.search(near) or _PUBLIC_LINE.search(near))
    return bool(_DIAL_IN.search(text[max(0, start - 40) : end + 40]))


def _is_local_phone(text: str, match: re.Match[str]) -> bool:
    """Returns whether seven digits are a phone number, and not a range, a year or a reference number."""
    before = text[max(0, match.start() - 30) : match.start()]
    if _SAYS_PHONE.search(before):
        return True
    line = match["line"]
    a_range = line.endswith("0") and not line.startswith("0")
    a_year = line.startswith(("19", "20"))
    return match["gap"] == "-" and not a_range and not a_year and not _SAYS_REFERENCE.search(before)


# -- street addresses, of which one may be a shelter's

_STREETS = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|way|highway|hwy|parkway|pkwy"
    "|terrace|circle|cir|square|sq|trail|route|rte|pike|loop"
)
_STREET_FIRST = re.compile(rf"\s*\d{{1,6}}[a-z]?\s+(?:\S{{1,30}}\s+){{0,4}}(?:{_STREETS})\b", re.IGNORECASE)
# Only capitalized street names count: not "helped 40 people on the street", nor "1.2 A way out".
_STREET = re.compile(
    rf"(?<![\d.])\b\d{{1,6}}[A-Za-z]?\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9][\w.'’-]{{0,30}}\s+){{1,4}}(?i:{_STREETS})\b"
)
_BOX = re.compile(r"\bp\.?\s?o\.?\s?box\s+\d", re.IGNORECASE)


def names_a_street(text: str) -> bool:
    """Returns whether a free text seems to contain a street address."""
    return bool(_STREET.search(text) or _BOX.search(text))


def begins_with_a_street(text: str) -> bool:
    """Returns whether a short text seems to be a street address, however its letters are written."""
    return bool(_STREET_FIRST.match(text) or _BOX.match(text))
