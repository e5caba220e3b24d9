"""Reads with which providers' accounts people sign in."""

from collections.abc import Sequence

import sqlalchemy as sa

from engage import clock
from engage.accounts.models import AskedTie, ProviderTie, User
from engage.accounts.providers.rules import LINK_LIFE
from engage.extensions import db
from engage.tokens import hashed


def tie_of(issuer: str, subject: str) -> ProviderTie | None:
    """Returns the tie of this account of a provider; only issuer and subject decide."""
    rows = sa.select(ProviderTie).where(ProviderTie.issuer == issuer, ProviderTie.subject == subject)
    return db.session.scalar(rows)


def ties_of(user: User) -> Sequence[ProviderTie]:
    rows = sa.select(ProviderTie).where(ProviderTie.user_id == user.id)
    return db.session.scalars(rows.order_by(ProviderTie.tied_at, ProviderTie.id)).all()


def asked_tie(token: str) -> AskedTie | None:
    """Returns the request to which this mailed link belongs, while the link works."""
    works = AskedTie.user_id.is_not(None), AskedTie.asked_at > clock.now() - LINK_LIFE
    return db.session.scalar(sa.select(AskedTie).where(AskedTie.token_hash == hashed(token), *works))
