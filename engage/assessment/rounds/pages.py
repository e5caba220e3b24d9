"""Says in words what closing a round deletes."""

from collections.abc import Sequence

from flask_babel import ngettext

from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet
from engage.web.listed import listed

# Beyond this many, numbers are not listed one by one.
NUMBERS_MOST = 6


def losing_words(round_: Round, losing: Sequence[int]) -> str:
    """Says how many people's answers will be deleted, and how many they gave, most first; "" if there are none."""
    if not losing:
        return ""
    total = QuestionSet.from_json(round_.questions).count
    numbers = list(dict.fromkeys(losing))
    if len(numbers) > NUMBERS_MOST:
        return ngettext(
            "%(num)s person has answered between %(least)s and %(most)s of the %(total)s questions and not submitted.",
            "%(num)s people have answered between %(least)s and %(most)s of the %(total)s questions and not submitted.",
            len(losing),
            least=losing[-1],
            most=losing[0],
            total=total,
        )
    return ngettext(
        "%(num)s person has answered %(numbers)s of the %(total)s questions and not submitted.",
        "%(num)s people have answered %(numbers)s of the %(total)s questions and not submitted.",
        len(losing),
        numbers=listed(map(str, numbers)),
        total=total,
    )
