"""Builds the coverage of disciplines: which kinds of work people and organizations here do, and which are missing."""

from collections.abc import Iterable

from flask import url_for
from msgspec import Struct

from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.coverage.queries import DisciplinesHere
from engage.partners.coverage.recruitments.service import RecruitmentLine


class DisciplineRow(Struct, frozen=True):
    """A kind of work: who does it (in words; empty for no one), and where someone is recruited for it."""

    name: str
    who: str
    recruitment_url: str
    is_sought: bool


class DisciplineGroupRows(Struct, frozen=True):
    name: str
    rows: list[DisciplineRow]

    @property
    def covered(self) -> int:
        return sum(bool(row.who) for row in self.rows)


class DisciplinesPage(Struct, frozen=True):
    groups: list[DisciplineGroupRows]

    @property
    def covered(self) -> int:
        return sum(group.covered for group in self.groups)

    @property
    def total(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def disciplines_page(here: DisciplinesHere, recruitments: Iterable[RecruitmentLine]) -> DisciplinesPage:
    """Returns every discipline in its group. It counts people but names none, so that viewers may read it, too."""
    sought = {
        recruitment.discipline: recruitment.id for recruitment in recruitments if recruitment.discipline
    }
    offered = {each.key for each in content().organization_disciplines()}
    groups = []
    for group in content().discipline_groups:
        rows = [
            DisciplineRow(
                each.name, _who(here, each.key), _recruitment_url(sought, each.key), each.key in sought
            )
            for each in group.disciplines
            if each.key in offered
        ]
        if rows:
            groups.append(DisciplineGroupRows(group.name, rows))
    return DisciplinesPage(groups)


def _who(here: DisciplinesHere, key: str) -> str:
    people, organizations = here.people.get(key, 0), here.organizations.get(key, 0)
    said = [
        ngettext("%(num)s person", "%(num)s people", people) if people else "",
        ngettext("%(num)s organization", "%(num)s organizations", organizations) if organizations else "",
    ]
    return _(", ").join(filter(None, said))


def _recruitment_url(sought: dict[str, int], key: str) -> str:
    if key in sought:
        return url_for("partners.recruitment", recruitment_id=sought[key])
    return url_for("partners.new_recruitment", discipline=key)
