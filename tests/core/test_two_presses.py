"""Two presses at one moment link, or say, a thing once: the second one waits and finds it done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.coalitions.models import Membership
from engage.documents import service as documents_service
from engage.documents.models import Document, DocumentUse
from engage.documents.rules import TargetKind
from engage.extensions import db
from engage.partners import service as partners_service
from engage.partners.agreements.models import Agreement
from engage.partners.models import Affiliation
from engage.plan.actions import agreements as action_agreements
from engage.plan.models import Action, ActionAgreement
from engage.strengths.models import AgreementNeed, Need
from engage.strengths.needs import agreements as needs_agreements
from tests.factories import make_action, make_document, make_membership, make_plan
from tests.partners.agreements.rows import make_agreement
from tests.strengths.rows import make_need

pytestmark = pytest.mark.real_clock


def one(model: Any) -> Any:
    return db.session.scalars(sa.select(model)).one()


def link_an_action() -> None:
    action_agreements.link_action(one(Membership), one(Agreement), one(Action).id)


def link_a_need() -> None:
    needs_agreements.link_need(one(Membership), one(Agreement), one(Need).id)


def link_a_document() -> None:
    documents_service.link_to(one(Document), TargetKind.ACTION, one(Action).id)


def say_where_from() -> None:
    partners_service.set_origin(one(Membership), None, "residents", one(Membership))


@pytest.mark.parametrize(
    ("press", "kept"),
    [
        (link_an_action, ActionAgreement),
        (link_a_need, AgreementNeed),
        (link_a_document, DocumentUse),
        (say_where_from, Affiliation),
    ],
)
def test_of_two_who_press_at_once_the_second_finds_it_done(
    app: Flask, press: Callable[[], None], kept: Any
) -> None:
    me = make_membership()
    make_agreement(me)
    make_action(make_plan())
    make_need(me)
    make_document(me)
    db.session.commit()

    def second() -> None:
        with app.app_context():
            press()
            db.session.commit()

    press()
    db.session.flush()
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(second)
        sleep(0.3)  # it has looked whether that is there by now, unless it waits
        db.session.commit()
        pressed.result(timeout=20)
    one(kept)
