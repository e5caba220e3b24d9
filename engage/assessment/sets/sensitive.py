"""Detects questions that ask respondents whether they were trafficked, or that only trafficked people could answer.

The page then asks the writer of the question to confirm it. Not every such question is detected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from engage.assessment.questions import Question, QuestionWording

# Terms for what someone may have lived through.
_LIVED: Final = re.compile(
    r"""\b(
        survivors? | victims? | trafficked | lived\ experience | (?:human|sex|labor)\ trafficking
      | (?:been|were|was|being|got)\ (?:\w+\ )?(?:sold|exploited|abused|coerced|forced|controlled|groomed)
      | (?:sold|traded?|trading|selling)\ (?:for\ )?sex | sex\ work(?:er)?
      | sobrevivientes? | v[ií]ctimas? | explotad[oa]s? | trata\ de\ personas | experiencia\ vivida
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that refer to the person who reads the sentence.
_READER: Final = re.compile(
    r"\b(you|your|yours|yourself|i|i['’](?:m|ve)|me|my|myself|usted|ustedes|t[uú]|su|sus|yo|mi|ha sido)\b",
    re.IGNORECASE,
)
# Phrases that only someone who was exploited can answer, whatever else the sentence says.
_ONLY_THEY: Final = re.compile(
    r"""\b(
        your\ (?:trafficker|exploiter|abuser|pimp|case|trauma)
      | (?:when|after|since|before)\ you\ (?:left|escaped|got\ out|were\ in\ the\ life)
      | in\ the\ life | what\ happened\ to\ you | your\ own\ experience\ of | su\ tratante
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Terms that, in an option, describe the person who chooses the option.
_CHOSEN: Final = re.compile(
    r"\b(survivors?|victims?|trafficked|lived experience|sobrevivientes?|v[ií]ctimas?|experiencia vivida)\b",
    re.IGNORECASE,
)


def asks_who_was_exploited(question: Question) -> bool:
    """Returns whether a question seems to ask respondents if they were trafficked, in any of its languages."""
    wordings: tuple[Question | QuestionWording, ...] = (question, *question.texts.values())
    return any(
        _asks([each.title, each.statement, *each.levels, *each.options], each.options) for each in wordings
    )


def _asks(texts: list[str], options: Iterable[str]) -> bool:
    if any(map(_ONLY_THEY.search, texts)) or any(map(_CHOSEN.search, options)):
        return True
    return any(map(_LIVED.search, texts)) and any(map(_READER.search, texts))
