"""Links lines of an agenda to their subjects. Subjects may belong to any feature, so only routes import this.

If the subject was deleted, the line has no link.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

import sqlalchemy as sa
from flask import url_for

from engage import clock
from engage.assessment.languages import as_read
from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.content.model import AgendaPage
from engage.database import along
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import labels, queries
from engage.meetings.agenda import queries as agenda_queries
from engage.meetings.agenda.pages.board import AgendaAround, board
from engage.meetings.agenda.rules.about import AboutKind, AgendaAbout, read
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import Outcome
from engage.partners.agreements.models import Agreement
from engage.partners.coverage.recruitments.labels import place_name
from engage.partners.coverage.recruitments.models import Recruitment
from engage.plan.models import Action
from engage.strengths.models import Need
from engage.strengths.votes import queries as votes_queries
from engage.web.forms import ConfirmForm
from engage.web.lists import NamedLink

Found = dict[AgendaAbout, NamedLink]


def agenda_part(membership: Membership, meeting: Meeting, moved: int | None = None) -> dict[str, object]:
    """Returns the template variables of an agenda; `moved` is the line that should keep the focus."""
    items = queries.agenda_of(meeting)
    around = AgendaAround(
        links=links_of(membership, [each.about for each in items], meeting.id),
        came_from=agenda_queries.carried_from(meeting) if any(each.carried_from_id for each in items) else {},
        went_to=agenda_queries.carried_to(meeting)
        if any(each.outcome is Outcome.NOT_REACHED for each in items)
        else {},
        leads=queries.leads_of(meeting),
    )
    return {
        "agenda": board(membership, meeting, items, around, clock.now()),
        "agenda_form": ConfirmForm(formdata=None),
        "moved": moved,
    }


def links_of(membership: Membership, abouts: Iterable[str], meeting_id: int) -> dict[str, NamedLink]:
    """Returns the links by the stored text of the subject, with one query per kind of thing."""
    read_once = {text: found for text in set(abouts) if (found := read(text)) is not None}
    by_kind: dict[AboutKind, set[AgendaAbout]] = defaultdict(set)
    for each in read_once.values():
        by_kind[each.kind].add(each)
    links: Found = {}
    for kind, each_of in by_kind.items():
        links |= _RESOLVE[kind](membership, each_of)
    links |= _template(membership, by_kind.get(AboutKind.TEMPLATE, set()), meeting_id)
    return {text: links[found] for text, found in read_once.items() if found in links}


def _numbered(
    model: type[Any], label: Callable[[int], str], url: Callable[[int], str]
) -> Callable[[Membership, Collection[AgendaAbout]], Found]:
    """Returns a function that finds a coalition's things of one kind by number."""

    def resolve(membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
        rows = sa.select(model.number).where(
            model.coalition_id == membership.coalition_id,
            model.number.in_({each.number for each in wanted}),
        )
        there = set(db.session.scalars(rows))
        return {
            each: NamedLink(label(each.number), url(each.number)) for each in wanted if each.number in there
        }

    return resolve


def _indicators(membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
    """Finds statements in the results of their round, if it is closed and asked them."""
    rows = sa.select(Round.id, Round.title, Round.questions).where(
        Round.coalition_id == membership.coalition_id,
        Round.closed_at.is_not(None),
        Round.id.in_({each.number for each in wanted}),
    )
    rounds = {row.id: (row.title, as_read(row.questions)) for row in db.session.execute(rows)}
    found: Found = {}
    for each in wanted:
        title, questions = rounds.get(each.number, ("", None))
        pair = questions.find(each.key) if questions is not None else None
        if pair is not None:
            area, _question = pair
            url = url_for("assessment.area_results", round_id=each.number, key=area.key, _anchor=each.key)
            found[each] = NamedLink(_("Answers in “%(round)s”", round=title), url)
    return found


def _lines(membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
    rows = (
        sa.select(AgendaItem.id, Meeting.id.label("meeting_id"), Meeting.title, Meeting.starts_at)
        .join(Meeting, along(AgendaItem.meeting_id, Meeting))
        .where(
            AgendaItem.coalition_id == membership.coalition_id,
            AgendaItem.id.in_({each.number for each in wanted}),
        )
    )
    there = {row.id: row for row in db.session.execute(rows)}
    return {
        each: NamedLink(
            labels.titled(there[each.number].title, there[each.number].starts_at),
            url_for("meetings.meeting", meeting_id=there[each.number].meeting_id),
        )
        for each in wanted
        if each.number in there
    }


def _sectors(_membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
    """Finds sectors; they link to their row on the coverage page."""
    names = {sector.key: sector.name for sector in content().sectors}
    base = url_for("partners.coverage")
    return {
        each: NamedLink(names[each.key], f"{base}#partners-sector-{each.key}")
        for each in wanted
        if each.key in names
    }


def _recruitments(membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
    rows = sa.select(Recruitment.id, Recruitment.sector, Recruitment.area).where(
        Recruitment.coalition_id == membership.coalition_id,
        Recruitment.id.in_({each.number for each in wanted}),
    )
    labels = {key: place_name(sector, area) for key, sector, area in db.session.execute(rows)}
    return {
        each: NamedLink(
            _("Sector to recruit: %(sector)s", sector=labels[each.number]),
            url_for("partners.recruitment", recruitment_id=each.number),
        )
        for each in wanted
        if each.number in labels
    }


def _tips(_membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
    names = {tip.key: tip.name for tip in content().tips}
    base = url_for("checklist.index")
    return {
        each: NamedLink(
            _("Tips for Success: %(tip)s", tip=names[each.key]),
            f"{base}?open={each.key}#checklist-{each.key}",
        )
        for each in wanted
        if each.key in names
    }


def _nothing(_membership: Membership, wanted: Collection[AgendaAbout]) -> Found:
    return {}


def _template(membership: Membership, wanted: Collection[AgendaAbout], meeting_id: int) -> Found:
    """Finds the pages on which the subjects of usual lines are worked on."""
    pages = {
        AgendaAbout(AboutKind.TEMPLATE, (agenda.key, line.key)): line.page
        for agenda in content().agendas
        for line in agenda.lines
    }
    named = {each: page for each in wanted if (page := pages.get(each)) is not None}
    links = page_links(membership, set(named.values()), meeting_id)
    return {each: links[page] for each, page in named.items() if page in links}


def page_links(
    membership: Membership, pages: Collection[AgendaPage], meeting_id: int
) -> dict[AgendaPage, NamedLink]:
    """Returns links to the pages that a meeting works on, except pages that have nothing to show yet."""
    found = {
        AgendaPage.ABOUT_US: NamedLink(_("About us"), url_for("coalitions.about_us")),
        AgendaPage.TIPS: NamedLink(_("Tips for Success"), url_for("checklist.index")),
        AgendaPage.STRENGTHS: NamedLink(_("Strengths"), url_for("strengths.strengths")),
        AgendaPage.MATCHES: NamedLink(_("Strengths and needs"), url_for("strengths.index")),
        AgendaPage.PARTNERS: NamedLink(_("Partners"), url_for("partners.index")),
        AgendaPage.PLAN: NamedLink(_("Plan of action"), url_for("plan.index")),
    }
    if AgendaPage.RESULTS in pages:
        found |= _results(membership)
    if AgendaPage.VOTE in pages:
        found[AgendaPage.VOTE] = _vote(membership, meeting_id)
    return {page: link for page, link in found.items() if page in pages}


def _results(membership: Membership) -> dict[AgendaPage, NamedLink]:
    latest = (
        sa.select(Round.id, Round.title)
        .where(Round.coalition_id == membership.coalition_id, Round.closed_at.is_not(None))
        .order_by(Round.closed_at.desc(), Round.id.desc())
        .limit(1)
    )
    row = db.session.execute(latest).first()
    if row is None:
        return {}
    label = _("Results of “%(round)s”", round=row.title)
    return {AgendaPage.RESULTS: NamedLink(label, url_for("assessment.results", round_id=row.id))}


def _vote(membership: Membership, meeting_id: int) -> NamedLink:
    """Returns a link to this meeting's newest vote; if none, to preparing one, or to the list."""
    held = votes_queries.votes_of_meeting(membership, meeting_id)
    if held:
        return NamedLink(held[0].title, url_for("strengths.vote", vote_id=held[0].id))
    if may(membership.role, Permission.RUN_VOTES):
        return NamedLink(_("Prepare a vote"), url_for("strengths.new_vote", meeting=meeting_id))
    return NamedLink(_("Votes on needs"), url_for("strengths.votes_list"))


_RESOLVE: dict[AboutKind, Callable[[Membership, Collection[AgendaAbout]], Found]] = {
    AboutKind.ACTION: _numbered(
        Action, lambda n: _("Action %(number)s", number=n), lambda n: url_for("plan.action", number=n)
    ),
    AboutKind.NEED: _numbered(
        Need, lambda n: _("Need %(number)s", number=n), lambda n: url_for("strengths.need", number=n)
    ),
    AboutKind.DECISION: _numbered(
        Decision,
        lambda n: _("Decision %(number)s", number=n),
        lambda n: url_for("meetings.decision", number=n),
    ),
    AboutKind.AGREEMENT: _numbered(
        Agreement,
        lambda n: _("Agreement %(number)s", number=n),
        lambda n: url_for("partners.agreement", number=n),
    ),
    AboutKind.INDICATOR: _indicators,
    AboutKind.SECTOR: _sectors,
    AboutKind.TIP: _tips,
    AboutKind.LINE: _lines,
    AboutKind.BREAK: _nothing,
    AboutKind.TEMPLATE: _nothing,
    AboutKind.RECRUITMENT: _recruitments,
}
