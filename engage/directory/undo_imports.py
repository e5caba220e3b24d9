"""Says what an import of people made, so that it can be undone for everyone who has not joined."""

from collections.abc import Mapping

import sqlalchemy as sa

from engage.coalitions.models import Invitation, Membership, MembershipDiscipline
from engage.coalitions.undo_imports import kinds
from engage.coalitions.undo_imports.kinds import ImportKind, Rows
from engage.coalitions.undo_imports.rules import Key
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.partners.models import Affiliation, Organization
from engage.partners.organizations.service import refresh_search

KEY = "people"
_TABLE = Membership.__tablename__
# Messages stand above the directory and are named here by their tables.
_LETTERS, _OPT_OUTS = "messages_letter_to", "messages_letter_wish"


def _joined(_coalition_id: int, rows: Rows) -> Mapping[Key, str]:
    """Returns the people who have an account by now: nobody's own data goes with a file."""
    here = (key for key, row in rows.get(_TABLE, {}).items() if row["user_id"] is not None)
    return {(_TABLE, key): _("This person has joined.") for key in here}


def _delete_links(coalition_id: int, going: Rows) -> None:
    """Deletes the links to these people's places, also later ones. Whoever stopped letters still gets none."""
    places = list(going.get(_TABLE, ()))
    opt_outs = db.metadata.tables[_OPT_OUTS]
    theirs = opt_outs.c.coalition_id == coalition_id, opt_outs.c.membership_id.in_(places)
    db.session.execute(sa.update(opt_outs).where(*theirs).values(membership_id=None))
    links = Invitation.coalition_id == coalition_id, Invitation.claims_id.in_(places)
    db.session.execute(sa.delete(Invitation).where(*links))


kinds.register(
    ImportKind(
        key=KEY,
        word=_l("People"),
        logged=_TABLE,
        counted={
            _TABLE: lambda n: ngettext("%(num)s person", "%(num)s people", n),
            Organization.__tablename__: lambda n: ngettext(
                "%(num)s organization", "%(num)s organizations", n
            ),
        },
        parts={
            Affiliation.__tablename__: "membership_id",
            MembershipDiscipline.__tablename__: "membership_id",
        },
        along=frozenset(
            {
                (Invitation.__tablename__, "claims_id"),
                (_LETTERS, "membership_id"),
                (_OPT_OUTS, "membership_id"),
            }
        ),
        locked=frozenset({_TABLE, Organization.__tablename__}),
        authors={_TABLE: "approved_by_id", Organization.__tablename__: "added_by_id"},
        stays=_joined,
        prepare=_delete_links,
        settle=refresh_search,
    )
)
