"""Questions with options, answered without an account: the same pages, and no free text."""

import sqlalchemy as sa
from flask import Flask

from engage.assessment.models import Answer, Response
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Answer as Given
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.assessment.guests.rows import Phone, open_channel, token
from tests.assessment.options import HEARD, HELPED, ONLY_OPTIONS, WEBSITE
from tests.client import EngageClient
from tests.factories import make_membership, make_round


def test_a_survey_of_options_is_answered_by_the_open_link_and_counted_like_all_answers(
    app: Flask, coordinator: EngageClient
) -> None:
    by = make_membership(role=Role.COORDINATOR)
    round_ = make_round(questions=ONLY_OPTIONS.to_json())
    link = token(open_channel(by, round_))
    assert Phone(app, link).page().has("3 questions. No account, no name. It takes about 1 minute.")
    for website in [0] * 10 + [1] * 10:
        phone = Phone(app, link)
        phone.start()
        assert not phone.page(f"questions/{HELPED}").all("textarea")
        phone.send(f"questions/{HEARD}", answer="option-1")
        phone.send(f"questions/{HELPED}", answer=["option-0", "option-2"])
        phone.send(f"questions/{WEBSITE}", answer=f"option-{website}", note="It was me.")
        assert phone.page("areas/own-feedback/check").has("Talks; Stories")
    assert {row.note for row in db.session.scalars(sa.select(Answer))} == {""}
    helped = db.session.scalars(sa.select(Answer).where(Answer.indicator == HELPED)).first()
    assert helped is not None and Given.stored(helped.kind, None, helped.chosen) == Given.chose(0, 2)
    rounds_service.close_round(db.session.merge(by), db.session.merge(round_))
    db.session.commit()
    assert len(db.session.scalars(sa.select(Response)).all()) == 20
    page = coordinator.page(f"/c/riverbend/assessment/rounds/{round_.id}/results/")
    counts = [node.text() for node in page.all("#assessment-options .spread-count")]
    assert counts == ["0", "20", "0", "20", "0", "20", "10", "10"]
