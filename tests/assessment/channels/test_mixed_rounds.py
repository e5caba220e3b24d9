"""Rounds answered with accounts, by slips, by an open link and on paper at once show no group under the floor.

Whatever people do, a closing releases exactly what the rules make of those who count, and in the rules every
answer has two worlds.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels_service
from engage.assessment.guests import queries as guests_queries
from engage.assessment.guests import service as guests_service
from engage.assessment.guests.service import CannotBegin
from engage.assessment.models import Answer, Guest, Response, Round, StoredRelease
from engage.assessment.paper import service as paper_service
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.results.rules import closing
from engage.assessment.results.rules.people import People
from engage.assessment.results.rules.releases import Release
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import DOES_NOT_APPLY, DONT_KNOW, ChannelKind, Said, WayIn
from engage.assessment.rules import Answer as Given
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from tests.assessment.guests.rows import open_channel, token
from tests.assessment.results import possible_answers
from tests.factories import make_membership, make_response, make_round

# The one statement is looked at, the other one is rated by everybody.
THIS, OTHER = (each.key for each in content().indicators_in(content().areas[0].key)[:2])
SAID = {"r": Given.rated(2), "?": DONT_KNOW, "n": DOES_NOT_APPLY}
# A sector of each of three groups, and what the search calls them.
SECTORS = {"health": "a", "schools": "b", "justice": "c"}


@dataclass
class Person:
    """What someone did: their way, what they are, in which language they said what, and whether it counts."""

    way: WayIn
    sector: str
    language: str
    said: str
    counts: bool


@dataclass
class History:
    """A round and everybody who came, in the order of the closings that first counted them."""

    rng: random.Random
    round: Round
    coordinator: Membership
    counted: list[Person] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    expected: Release | None = None
    by_link: int = 0
    number: int = 0

    def comes(self, palette: str) -> Person | None:
        """Lets one more person answer by some way; returns them, None for whom the door is shut."""
        rng, self.number = self.rng, self.number + 1
        said = rng.choice(palette)
        (way,) = rng.choices(list(WayIn), weights=(6, 2, 1, 1))
        submits, takes_back = rng.random() < 0.7, rng.random() < 0.1
        answers = {OTHER: Said(SAID["r"])} | ({THIS: Said(SAID[said])} if said != "-" else {})
        sector, language = rng.choice(list(SECTORS)), rng.choice(("en", "es"))
        if way is WayIn.PAPER:
            paper_service.key_paper(self.coordinator, self.round, self.number, sector, language, answers)
            return Person(way, sector, language, said, True)
        if way is WayIn.ACCOUNT:
            given = {
                key: each.answer.rating if each.answer.rating is not None else each.answer.kind.value
                for key, each in answers.items()
            }
            person = make_membership(user=None)
            response = make_response(
                self.round, person, given, sector=sector, language=language, submitted=submits
            )
            if takes_back:
                response.submitted, response.taken_back = False, True
                db.session.flush()
        elif not self.by_channel(
            ChannelKind(way.value), sector, answers, language, submits=submits, takes_back=takes_back
        ):
            return None
        return Person(way, sector, language, said, not takes_back and (submits or said != "-"))

    def by_channel(
        self,
        kind: ChannelKind,
        sector: str,
        answers: dict[str, Said],
        language: str = "en",
        *,
        submits: bool,
        takes_back: bool,
    ) -> bool:
        channel = channels_queries.channel_of(self.round, kind)
        if channel is None:
            return False
        code = channels_service.draw_for_mail(channel) if kind is ChannelKind.SLIPS else ""
        entrance = guests_queries.entrance(token(channel))
        assert entrance is not None
        browser = f"browser {self.number}"
        # Whoever hands it in may have changed the language since they began.
        begun = language if not submits else "en"
        guests_service.start(entrance, browser, sector, begun, code, "192.0.2.2", waited=False)
        guests_service.save_answers(self.round, browser, answers)
        if submits:
            guests_service.submit(self.round, browser, language)
        if takes_back:
            guests_service.take_back(self.round, browser)
        elif self.rng.random() < 0.2:
            guests_service.start_over(self.round, browser)
        return True


def history(seed: int) -> History:
    rng = random.Random(seed)
    asked = frozen(content(), "en").without(
        [each.key for each in content().indicators if each.key not in {THIS, OTHER}]
    )
    coordinator = make_membership(role=Role.COORDINATOR)
    round_ = make_round(questions=asked.to_json(), k=rng.choice((3, 3, 4)))
    for kind in ChannelKind:
        open_channel(coordinator, round_, kind)
    return History(rng, round_, coordinator)


def play(seed: int) -> Iterator[History]:
    """Plays a round with up to two reopenings; yields after each closing."""
    played = history(seed)
    rng, palette = played.rng, played.rng.choice(("r?", "rrr?", "r?n", "r?-", "rr??n-", "?n"))
    for closing_ in range(rng.randint(1, 3)):
        if closing_:
            rounds_service.reopen_round(played.coordinator, played.round, "More came", None)
        came = [played.comes(palette) for _person in range(rng.randint(0, 18))]
        if closing_ == 0 and rng.random() < 0.3:
            channels_service.leave_out(played.coordinator, played.round)
            if rng.random() < 0.2:
                channels_service.count_again(played.coordinator, played.round)
        close(played, [each for each in came if each is not None])
        yield played


def close(played: History, came: list[Person]) -> None:
    round_ = played.round
    left_out = round_.link_left_out
    counts = [each for each in came if each.counts and not (left_out and each.way is WayIn.LINK)]
    played.counted += counts
    played.by_link += sum(each.way is WayIn.LINK for each in counts)
    rounds_service.close_round(played.coordinator, round_)
    db.session.commit()
    questions = QuestionSet.from_json(round_.questions)
    grouping = content().grouping(round_.grouping)
    responses = [
        closing.ClosedResponse(
            each.sector,
            grouping.of[each.sector],
            {OTHER: SAID["r"]} | ({THIS: SAID[each.said]} if each.said != "-" else {}),
            way=kept(each.way),
        )
        for each in played.counted
    ]
    groups = [group.key for group in grouping.groups]
    spoken = {
        language: People.of(each.way for each in played.counted if each.language == language)
        for language in sorted({each.language for each in played.counted})
    }
    played.expected = closing.release(
        questions.for_rules, responses, groups, round_.k, played.expected, spoken
    )
    played.sizes.append(len(played.counted))


def test_mixed_rounds_release_what_the_rules_make_of_those_who_count(app: Flask) -> None:
    tried: set[object] = set()
    for seed in range(12):
        for played in play(seed):
            check(played)
            tried |= {each.way for each in played.counted}
            tried |= {len(played.sizes), played.round.link_left_out}
            tried |= {f"{len(played.sizes)}: {sorted(told.languages)}" for told in [played.expected] if told}
    # Otherwise the promise was not tried.
    assert tried >= {*WayIn, 1, 2, 3, False, "1: ['en', 'es']", "2: ['en', 'es']", "2: []"}


def kept(way: WayIn) -> WayIn:
    """Returns the way as a closing keeps it: slips and paper are one."""
    return WayIn.PAPER if way is WayIn.SLIPS else way


def check(played: History) -> None:
    round_ = played.round
    newest = sa.select(StoredRelease).where(StoredRelease.round_id == round_.id)
    stored = db.session.scalars(newest.order_by(StoredRelease.number.desc())).first()
    assert stored is not None
    assert Release.from_json(stored.results, stored.sets) == played.expected
    in_spanish = {said: letter for letter, said in possible_answers.SPANISH.items()}
    people = [
        (SECTORS[each.sector], in_spanish[each.said] if each.language == "es" else each.said)
        for each in played.counted
    ]
    ways = tuple(kept(each.way) for each in played.counted)
    searched = possible_answers.Round(tuple(people), tuple(played.sizes), round_.k, ways)
    assert possible_answers.one_world(searched) is None
    assert possible_answers.one_world(searched, possible_answers.LANGUAGES) is None
    kept_language = sa.select(Response.id).where(Response.round_id == round_.id, Response.language != "")
    assert not db.session.scalars(kept_language).all()
    rows = sa.select(sa.func.count(Response.id)).where(Response.round_id == round_.id)
    assert db.session.scalar(rows) == len(played.counted)
    assert not db.session.scalars(sa.select(Guest)).all()
    told = stored.results.get("by_link")
    assert told is None or told >= 10
    assert round_.by_link == (0 if round_.link_left_out else played.by_link)


def test_a_robots_five_hundred_answers_are_slowed_seen_and_left_out_in_one_press(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMITS", True)
    played = history(1)
    coordinator, round_ = played.coordinator, played.round
    channel = channels_queries.channel_of(round_, ChannelKind.LINK)
    assert channel is not None
    entrance = guests_queries.entrance(token(channel))
    assert entrance is not None
    for number in range(500):
        if number >= 300:
            with pytest.raises(CannotBegin):
                guests_service.start(
                    entrance, f"robot {number}", "health", "en", "", "192.0.2.1", waited=False
                )
        guests_service.start(
            entrance, f"robot {number}", "health", "en", "", "192.0.2.1", waited=number >= 300
        )
        guests_service.save_answers(round_, f"robot {number}", {THIS: Said(SAID["r"])})
        guests_service.submit(round_, f"robot {number}", "en")
    assert db.session.scalar(sa.select(sa.func.count(Answer.id))) == 500
    with time_machine.travel(clock.now() + timedelta(days=1)):
        channels_service.keep_tally(round_, "America/Chicago")
    came = channels_queries.tally_of(round_)
    assert came is not None
    assert (came.seen.ways[WayIn.LINK], came.seen.sectors) == (500, {"health": 500})
    channels_service.leave_out(coordinator, round_)
    for _person in range(4):
        played.by_channel(
            ChannelKind.SLIPS, "schools", {THIS: Said(SAID["?"])}, submits=True, takes_back=False
        )
        played.number += 1
    rounds_service.close_round(coordinator, round_)
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 4
    assert db.session.scalar(sa.select(sa.func.count(Answer.id))) == 4
    rounds_service.reopen_round(coordinator, round_, "More came", None)
    with pytest.raises(WrongState):
        channels_service.open_channel(coordinator, round_, ChannelKind.LINK)
    with pytest.raises(WrongState):
        channels_service.count_again(coordinator, round_)
    db.session.commit()
