"""A set with one question of each kind, for the tests of several packages."""

from engage.assessment.questions import Question, QuestionArea, QuestionSet, frozen
from engage.assessment.rules import QuestionKind
from engage.content.loader import content

OURS = frozen(content(), "en")
RATED = OURS.areas[0].questions[0]
HEARD = "own-heard"
HELPED = "own-helped"
WEBSITE = "own-website"


def option_question(key: str, kind: QuestionKind, *options: str, meaning: int = 1) -> Question:
    return Question(
        key, meaning, f"Title of {key}", f"What about {key}?", "", (), (), kind=kind, options=options
    )


ONE = option_question(HEARD, QuestionKind.ONE, "From a friend", "At work", "In the news")
SEVERAL = option_question(HELPED, QuestionKind.SEVERAL, "Talks", "Maps", "Stories")
YES_NO = option_question(WEBSITE, QuestionKind.YES_NO)
AREA = QuestionArea("own-feedback", "Feedback", "Feedback", "How was it?", (ONE, SEVERAL, YES_NO))
ONLY_OPTIONS = QuestionSet("en", OURS.scale, (AREA,))
MIXED = QuestionSet(
    "en", OURS.scale, (QuestionArea("prevention", "Prevention", "Prevention", "?", (RATED,)), AREA)
)
