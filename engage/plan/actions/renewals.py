"""Makes actions that renew agreements. The daily job makes one for each end date when it is time."""

from datetime import date, timedelta

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.coalitions.service import lock
from engage.database import along
from engage.dates import medium_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.agreements import labels as agreements_labels
from engage.partners.agreements import rules as agreements_rules
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.partners.rules import AgreementState
from engage.plan import service as plan_service
from engage.plan.actions import agreements, service
from engage.plan.labels import RENEWAL


def coalitions_to_look_at(today: date) -> list[int]:
    """Returns coalitions where a renewal may be due by now in any time zone, in one query.

    On most days the result is empty.
    """
    tomorrow = today + timedelta(days=1)
    by_notice = Agreement.notice_on <= tomorrow
    by_end = sa.and_(
        Agreement.notice_on.is_(None),
        Agreement.ends_on <= tomorrow + timedelta(days=agreements_rules.RENEWAL_DAYS),
    )
    rows = (
        sa.select(Agreement.coalition_id)
        .where(*_not_made_yet(), sa.or_(by_notice, by_end))
        .distinct()
        .order_by(Agreement.coalition_id)
    )
    return list(db.session.scalars(rows))


def make_renewals(coalition_id: int) -> int:
    """Makes an action for each agreement whose renewal is due in the coalition's time zone, and returns how many.

    The coalition is locked until the commit, so the second of two simultaneous runs finds it done.
    """
    lock(coalition_id)
    coalition = db.session.get_one(Coalition, coalition_id)
    today = clock.today(coalition.time_zone)
    rows = (
        sa.select(Agreement, Organization.name)
        .join(Organization, along(Agreement.organization_id, Organization))
        .where(Agreement.coalition_id == coalition_id, *_not_made_yet())
        .order_by(Agreement.number)
        .execution_options(populate_existing=True)
    )
    due = [
        (agreement, name)
        for agreement, name in db.session.execute(rows)
        if agreements_rules.renewal_is_due(
            agreement.state, agreement.notice_on, agreement.ends_on, agreement.renewal_made_for, today
        )
    ]
    for agreement, name in due:
        _make(coalition, agreement, name)
    return len(due)


def _not_made_yet() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Agreement.state == AgreementState.SIGNED,
        Agreement.ends_on.is_not(None),
        sa.or_(Agreement.renewal_made_for.is_(None), Agreement.renewal_made_for != Agreement.ends_on),
    )


def _make(coalition: Coalition, agreement: Agreement, organization: str) -> None:
    name = agreements_labels.name_of(agreement.kind, agreement.title, organization)
    action = service.create_action(
        plan_service.DailyWork(coalition),
        title=(str(RENEWAL) % {"agreement": name})[:300],
        details=_(
            "It ends on %(day)s. Ask them if you will both continue, then record the new dates "
            "or that it has ended.",
            day=medium_day(agreement.ends_on),
        ),
        owner_id=_lead(agreement),
        organization_id=agreement.organization_id,
        due_on=agreement.ends_on,
    )
    agreements.link_action(None, agreement, action.id, agreement.ends_on)
    agreement.renewal_made_for = agreement.ends_on


def _lead(agreement: Agreement) -> int | None:
    """Returns the person who looks after the agreement, or who recorded it, if still a member; else None."""
    candidates = [key for key in (agreement.owner_id, agreement.created_by_id) if key is not None]
    here = set(db.session.scalars(sa.select(Membership.id).where(Membership.id.in_(candidates), *active())))
    return next((key for key in candidates if key in here), None)
