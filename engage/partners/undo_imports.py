"""Says what an import of organizations may write, so that it can be undone."""

from engage.coalitions.undo_imports import kinds
from engage.coalitions.undo_imports.kinds import ImportKind
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.organizations.service import refresh_search
from engage.partners.rules import ContactPlace

KEY = "partners"

kinds.register(
    ImportKind(
        key=KEY,
        word=_l("Organizations"),
        logged=Organization.__tablename__,
        counted={
            Organization.__tablename__: lambda n: ngettext("%(num)s organization", "%(num)s organizations", n)
        },
        parts={OrganizationTag.__tablename__: "organization_id", Contact.__tablename__: "organization_id"},
        locked=frozenset({Organization.__tablename__, Contact.__tablename__}),
        authors={Organization.__tablename__: "added_by_id"},
        # Two people may have swapped their places.
        neutral={(Contact.__tablename__, "place"): ContactPlace.OTHER},
        settle=refresh_search,
    )
)
