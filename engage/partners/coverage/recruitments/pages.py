"""Puts open recruitments into words. A reader who may not see people sees the inviter's organization."""

from collections.abc import Iterable, Mapping

from flask import url_for
from msgspec import Struct

from engage.content.loader import content
from engage.i18n import gettext as _
from engage.partners.coverage import rules as coverage_rules
from engage.partners.coverage.recruitments.labels import OUTCOME_LABELS, OUTCOME_TAGS, named, outreach_title
from engage.partners.coverage.recruitments.service import RecruitmentLine
from engage.partners.coverage.rules import Coverage
from engage.web.forms import NOBODY


class RecruitmentRow(Struct, frozen=True):
    """A recruitment in words, as its reader may see it; unknown parts are empty.

    `candidates` are those that may have taken it, as (id, name); 0 is someone without an organization.
    """

    line: RecruitmentLine
    name: str
    whom: str
    # If `whom` is an organization of the directory, these words follow its name.
    more: str
    inviter: str
    is_late: bool
    outcome: str
    tag: str
    note: str
    candidates: list[tuple[int, str]]
    action_url: str

    @property
    def is_open(self) -> bool:
        return self.line.closed_on is None


class RecruitmentMissing(Struct, frozen=True):
    """An expected sector with no one active and no open recruitment."""

    name: str
    help: str
    recruitment_url: str


class RecruitmentReader(Struct, frozen=True):
    """The reader: whether they see people, and if not, where the inviters come from."""

    sees_people: bool
    origins: Mapping[int, str]


def recruitment_rows(
    lines: Iterable[RecruitmentLine], coverage: Coverage, seen: RecruitmentReader
) -> list[RecruitmentRow]:
    return [recruitment_row(line, coverage, seen) for line in lines]


def recruitment_row(line: RecruitmentLine, coverage: Coverage, seen: RecruitmentReader) -> RecruitmentRow:
    name = named(line)
    title = outreach_title(name, line.organization)
    return RecruitmentRow(
        line=line,
        name=name,
        whom=line.organization or (line.whom if seen.sees_people else ""),
        more=line.whom if seen.sees_people and line.organization else "",
        inviter=line.inviter if seen.sees_people else seen.origins.get(line.inviter_id or 0, ""),
        is_late=coverage_rules.is_late(line.ask_by, line.closed_on, coverage.today),
        outcome=str(OUTCOME_LABELS[line.outcome]) if line.outcome is not None else "",
        tag=OUTCOME_TAGS[line.outcome] if line.outcome is not None else "",
        note=line.note if seen.sees_people else "",
        candidates=_candidates(line, coverage) if line.closed_on is None else [],
        action_url=url_for("plan.new_action", title=title, organization=line.organization_id),
    )


def _candidates(line: RecruitmentLine, coverage: Coverage) -> list[tuple[int, str]]:
    """Returns organizations, and then, as 0, people who represent only themselves."""
    found = coverage_rules.may_have_taken(line.sector, line.area, line.opened_on, coverage)
    named = [(each.organization_id, each.name) for each in found if each.organization_id is not None]
    alone = any(each.organization_id is None for each in found)
    return [*named, *([(NOBODY, _("Someone on their own"))] if alone else [])]


def missing(coverage: Coverage) -> list[RecruitmentMissing]:
    """Returns the missing sectors, each with the form that opens a recruitment for it."""
    keys = coverage_rules.unsought(coverage.missing, coverage.sought)
    sectors = (content().sector(key) for key in keys)
    return [
        RecruitmentMissing(each.name, each.help, url_for("partners.new_recruitment", sector=each.key))
        for each in sectors
    ]
