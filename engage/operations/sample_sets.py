"""The sample's own question set: what the next round may ask."""

from dataclasses import replace
from typing import TYPE_CHECKING

from engage.assessment import set_edits, sets
from engage.assessment.drafts import Draft
from engage.assessment.set_edits import AreaWords, Words

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_question_set(sample: "Sample") -> None:
    """A copy of ours with something hidden, reworded, asked anew, and added in an area of its own."""
    source, maria = sample.source["question_set"], sample.people["maria"]
    set_ = sets.create(maria, source["title"], Draft(sets.ours()).hide(source["hidden"]))
    for key, statement in source["clearer"].items():
        set_edits.reword(set_, key, 1, _words(key, statement), new=False, actor=maria)
    for key, statement in source["new"].items():
        set_edits.reword(set_, key, 1, _words(key, statement), new=True, actor=maria)
    own = source["area"]
    area = set_edits.add_area(set_, AreaWords(own["name"], own["short"], own["asks"]), maria)
    for each in own["questions"]:
        levels, ask = tuple(each["levels"]), tuple(each["ask"])
        words = Words(area.key, each["title"], each["statement"], each["why"], ask, levels)
        set_edits.add_question(set_, words, maria)


def _words(key: str, statement: str) -> Words:
    """Our words of this question, with another statement."""
    pair = sets.ours().find(key)
    assert pair is not None
    area, ours = pair
    words = Words(area.key, ours.title, ours.statement, ours.why, ours.ask, ours.levels)
    return replace(words, statement=statement)
