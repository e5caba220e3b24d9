"""Words open recruitments for their pages. A reader who may not see people sees the inviter's organization instead."""

from collections.abc import Iterable, Mapping

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.content.loader import content
from engage.dates import medium_day
from engage.partners.coverage import rules as coverage_rules
from engage.partners.coverage.recruitments.service import RecruitmentLine
from engage.partners.coverage.recruitments.words import OUTCOME_TAGS, OUTCOME_WORDS, named, outreach_title
from engage.partners.coverage.rules import Coverage
from engage.web.forms import NOBODY


class RecruitmentRow(Struct, frozen=True):
    """A recruitment in words; unknown parts are empty.

    `candidates` are those that may have taken it, as (id, name); 0 is someone without an organization.
    """

    id: int
    name: str
    whom: str
    whom_url: str
    # These words go with an organization of the directory.
    more: str
    inviter: str
    ask_by: str
    is_late: bool
    is_open: bool
    outcome: str
    tag: str
    taken_by: str
    taken_by_url: str
    closed_on: str
    note: str
    candidates: list[tuple[int, str]]
    directory_url: str
    action_url: str


class Missing(Struct, frozen=True):
    """An expected sector with no one active and no open recruitment."""

    name: str
    help: str
    recruitment_url: str


class Seen(Struct, frozen=True):
    """The reader: whether they see people, and if not, where the inviters come from."""

    sees_people: bool
    origins: Mapping[int, str]


def recruitment_rows(
    lines: Iterable[RecruitmentLine], coverage: Coverage, seen: Seen
) -> list[RecruitmentRow]:
    return [recruitment_row(line, coverage, seen) for line in lines]


def recruitment_row(line: RecruitmentLine, coverage: Coverage, seen: Seen) -> RecruitmentRow:
    name = named(line)
    title = outreach_title(name, line.organization)
    return RecruitmentRow(
        id=line.id,
        name=name,
        whom=line.organization or (line.whom if seen.sees_people else ""),
        whom_url=_organization_url(line.organization_id),
        more=line.whom if seen.sees_people and line.organization else "",
        inviter=line.inviter if seen.sees_people else seen.origins.get(line.inviter_id or 0, ""),
        ask_by=medium_day(line.ask_by),
        is_late=coverage_rules.is_late(line.ask_by, line.closed_on, coverage.today),
        is_open=line.closed_on is None,
        outcome=str(OUTCOME_WORDS[line.outcome]) if line.outcome is not None else "",
        tag=OUTCOME_TAGS[line.outcome] if line.outcome is not None else "",
        taken_by=line.taken_by,
        taken_by_url=_organization_url(line.taken_by_id),
        closed_on=medium_day(line.closed_on),
        note=line.note if seen.sees_people else "",
        candidates=_candidates(line, coverage) if line.closed_on is None else [],
        directory_url=url_for("partners.index", sector=line.sector, area=line.area or None),
        action_url=url_for("plan.new_action", title=title, organization=line.organization_id),
    )


def _candidates(line: RecruitmentLine, coverage: Coverage) -> list[tuple[int, str]]:
    """Returns organizations, and then, as 0, people who represent only themselves."""
    found = coverage_rules.may_have_taken(line.sector, line.area, line.opened_on, coverage)
    named = [(each.organization_id, each.name) for each in found if each.organization_id is not None]
    alone = any(each.organization_id is None for each in found)
    return [*named, *([(NOBODY, _("Someone on their own"))] if alone else [])]


def missing(coverage: Coverage) -> list[Missing]:
    """Returns the missing sectors, each with the form that opens a recruitment for it."""
    keys = coverage_rules.unsought(coverage.missing, coverage.sought)
    sectors = (content().sector(key) for key in keys)
    return [
        Missing(each.name, each.help, url_for("partners.new_recruitment", sector=each.key))
        for each in sectors
    ]


def _organization_url(organization_id: int | None) -> str:
    if organization_id is None:
        return ""
    return url_for("partners.organization", organization_id=organization_id)
