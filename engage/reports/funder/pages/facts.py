"""Writes the first text for each section from its facts, which the writer of the report can change."""

from collections.abc import Iterable, Sequence

from engage.dates import medium_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.agreements.list import AgreementLine
from engage.partners.rules import AgreementKind
from engage.plan.actions.queries.done import DoneAction
from engage.reports.funder import labels
from engage.reports.funder.pages.found import Found
from engage.reports.funder.rules import Part
from engage.reports.labels import number

# A sentence names at most this many things, and counts the others.
MOST_NAMED = 8


def facts(found: Found, done: Sequence[DoneAction]) -> dict[Part, str]:
    """Returns sentences for each section; a section without facts has none."""
    said = {
        Part.FIGURES: _whole(found),
        Part.ONCE: _once(found),
        Part.MEETINGS: _meetings(found),
        Part.PEOPLE: _people(found),
        Part.PARTNERSHIPS: _partnerships(found),
        Part.AGREEMENTS: _agreements(found.now.signed),
        Part.ACTIVITIES: _activities(found),
        Part.PLACES: _places(found),
        Part.ACTIONS: _actions(done),
    }
    return {part: text for part, text in said.items() if text}


def _whole(found: Found) -> str:
    now = found.now
    return _(
        "%(dates)s: %(meetings)s, %(agreements)s, %(actions)s, and %(activities)s.",
        dates=labels.dates(found.period),
        meetings=ngettext("%(num)s meeting", "%(num)s meetings", now.meetings.all_held),
        agreements=ngettext("%(num)s agreement signed", "%(num)s agreements signed", len(now.signed)),
        actions=ngettext("%(num)s action done", "%(num)s actions done", now.done.total()),
        activities=ngettext("%(num)s activity", "%(num)s activities", now.held.whole.activities),
    )


def _once(found: Found) -> str:
    people, organizations = found.now.meetings.people, found.now.organizations
    if not people + organizations:
        return ""
    return _(
        "%(people)s and %(organizations)s took part at least once.",
        people=ngettext("%(num)s person with a record here", "%(num)s people with a record here", people),
        organizations=ngettext("%(num)s organization", "%(num)s organizations", organizations),
    )


def _meetings(found: Found) -> str:
    held, came = found.now.meetings.all_held, found.now.meetings.all_came
    if not held:
        return ""
    return ngettext(
        "%(spelled)s meeting was held, with %(came)s.",
        "%(spelled)s meetings were held, with %(came)s.",
        held,
        spelled=labels.spelled(held),
        came=ngettext("%(num)s attendance", "%(num)s attendances", came),
    )


def _people(found: Found) -> str:
    joined, left = found.now.people.joined, found.now.people.left
    if not joined + left:
        return ""
    return _(
        "%(joined)s and %(left)s.",
        joined=ngettext("%(num)s member joined", "%(num)s members joined", joined),
        left=ngettext("%(num)s left", "%(num)s left", left),
    )


def _partnerships(found: Found) -> str:
    counts = found.partnerships
    all_ = counts.formal + counts.informal
    if not all_:
        return ""
    return ngettext(
        "We work with %(num)s organization; an agreement is in force with %(formal)s of them.",
        "We work with %(num)s organizations; an agreement is in force with %(formal)s of them.",
        all_,
        formal=number(counts.formal),
    )


def _agreements(signed: Sequence[AgreementLine]) -> str:
    """Returns one sentence for each kind: "Two MOUs were signed: Grace Church (Mar 4, 2026), ..."."""
    return "\n".join(
        _signed(kind, [_dated(each.organization, medium_day(each.signed_on)) for each in of_kind])
        for kind in AgreementKind
        if (of_kind := [each for each in signed if each.kind is kind])
    )


def _signed(kind: AgreementKind, names: list[str]) -> str:
    said = {"spelled": labels.spelled(len(names)), "names": _named(names)}
    n = len(names)
    match kind:
        case AgreementKind.MOU:
            return ngettext(
                "%(spelled)s MOU was signed: %(names)s.",
                "%(spelled)s MOUs were signed: %(names)s.",
                n,
                **said,
            )
        case AgreementKind.PLEDGE:
            return ngettext(
                "%(spelled)s pledge was signed: %(names)s.",
                "%(spelled)s pledges were signed: %(names)s.",
                n,
                **said,
            )
        case AgreementKind.DATA_SHARING:
            return ngettext(
                "%(spelled)s agreement to share data was signed: %(names)s.",
                "%(spelled)s agreements to share data were signed: %(names)s.",
                n,
                **said,
            )
        case AgreementKind.SUBAWARD:
            return ngettext(
                "%(spelled)s subaward was signed: %(names)s.",
                "%(spelled)s subawards were signed: %(names)s.",
                n,
                **said,
            )
    return ngettext(
        "%(spelled)s other agreement was signed: %(names)s.",
        "%(spelled)s other agreements were signed: %(names)s.",
        n,
        **said,
    )


def _activities(found: Found) -> str:
    held = found.now.held
    if not held.lines:
        return ""
    said = [
        ngettext(
            "%(spelled)s activity was held: %(names)s.",
            "%(spelled)s activities were held: %(names)s.",
            len(held.lines),
            spelled=labels.spelled(len(held.lines)),
            names=_named([_dated(each.title, medium_day(each.happened_on)) for each in held.lines]),
        )
    ]
    if people := held.whole.handed_out:
        said.append(
            ngettext(
                "They reached %(people)s person.",
                "They reached %(people)s people.",
                people,
                people=number(people),
            )
        )
    return " ".join(said)


def _places(found: Found) -> str:
    counties = [name for name in found.now.held.by("county") if name]
    languages = [name for name in found.now.held.by("language") if name]
    said = []
    if counties:
        said.append(_("Activities were held in these counties: %(names)s.", names=_named(sorted(counties))))
    if languages:
        said.append(_("They were held in these languages: %(names)s.", names=_named(sorted(languages))))
    return " ".join(said)


def _actions(done: Sequence[DoneAction]) -> str:
    if not done:
        return ""
    return ngettext(
        "%(spelled)s action was done: %(names)s.",
        "%(spelled)s actions were done: %(names)s.",
        len(done),
        spelled=labels.spelled(len(done)),
        names=_named([_dated(each.title, medium_day(each.done_on)) for each in done]),
    )


def _dated(name: str, day: str) -> str:
    return _("%(name)s (%(day)s)", name=name, day=day)


def _named(names: Iterable[str]) -> str:
    listed = list(names)
    rest = len(listed) - MOST_NAMED
    shown = ", ".join(listed[:MOST_NAMED])
    return (
        ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", rest, names=shown)
        if rest > 0
        else shown
    )
