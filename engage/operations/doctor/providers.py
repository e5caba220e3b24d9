"""Checks for `engage doctor` whether anyone depends on a provider of accounts that is switched off."""

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

import sqlalchemy as sa

from engage.accounts.models import Passkey, ProviderTie, User
from engage.operations.doctor.findings import DoctorFinding, look, ok
from engage.settings import Provider

SHOWN_MOST = 20


def examine(connection: sa.Connection, providers: Collection[Provider], host: str) -> Iterator[DoctorFinding]:
    """Names the people who have no password, no passkey of this host, and no account of a provider that is on."""
    on = [each.issuer for each in providers]
    can_come = sa.select(ProviderTie.user_id).where(ProviderTie.issuer.in_(on))
    has_passkey = sa.select(Passkey.user_id).where(Passkey.host == host)
    rows = (
        sa.select(User.email, sa.func.min(ProviderTie.issuer).label("issuer"))
        .join(ProviderTie, ProviderTie.user_id == User.id)
        .where(User.password_hash == "", User.disabled_at.is_(None))
        .where(User.id.not_in(can_come), User.id.not_in(has_passkey))
        .group_by(User.email)
        .order_by(User.email)
    )
    people = connection.execute(rows).all()
    if people:
        named = ", ".join(row.email for row in people[:SHOWN_MOST])
        more = f" and {len(people) - SHOWN_MOST} more" if len(people) > SHOWN_MOST else ""
        hosts = ", ".join(sorted({urlsplit(row.issuer).hostname or row.issuer for row in people}))
        yield look(
            "sign-in",
            f"{hosts} is switched off, and these people have no password: {named}{more}. They need a link to choose "
            "one: by mail, from a coordinator, or with: engage reset-link ADDRESS",
        )
    elif providers:
        yield ok("sign-in", f"with {', '.join(each.name for each in providers)}, and with a password")
