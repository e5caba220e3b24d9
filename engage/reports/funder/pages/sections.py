"""Writes the sections on people, meetings, partners and actions."""

from collections import Counter
from collections.abc import Sequence

from engage.content.loader import content
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.i18n import ngettext, pgettext
from engage.meetings.labels import KIND_LABELS as MEETING_KINDS
from engage.meetings.rules import MeetingKind
from engage.partners.agreements.labels import KIND_LABELS as AGREEMENT_KINDS
from engage.partners.labels import PARTNERSHIP_LABELS
from engage.plan.labels import STATUS_LABELS
from engage.plan.overview.pages import outline
from engage.plan.rules import ActionStatus
from engage.reports.funder import labels
from engage.reports.funder.pages.activities import reached
from engage.reports.funder.pages.found import Counted, Found
from engage.reports.funder.queries import partnerships as partnerships_queries
from engage.reports.labels import counted, number, shown
from engage.web.paper.rules import Column, Field, Figure, PaperSection, Table, Width


def figures(found: Found) -> PaperSection:
    now = found.now
    held, once_each = now.meetings.all_held, now.meetings.people
    whole, signed, done = now.held.whole, len(now.signed), now.done.total()
    return PaperSection(
        "reports-figures",
        _("At a glance"),
        figures=[
            Figure(number(held), ngettext("meeting held", "meetings held", held)),
            Figure(
                number(once_each), ngettext("person, counted once", "people, each counted once", once_each)
            ),
            Figure(number(signed), ngettext("agreement signed", "agreements signed", signed)),
            Figure(number(done), ngettext("action done", "actions done", done)),
            Figure(number(whole.activities), ngettext("activity", "activities", whole.activities)),
        ],
    )


def compared(found: Found) -> PaperSection:
    """Returns the numbers of the period beside those of the period before it."""
    heading = _("Compared with the period before")
    now, before = _numbers(found.now, found.small), _numbers(found.before, found.small)
    fields: list[list[Field]] = [
        [label, then, value] for (label, value), (_same, then) in zip(now, before, strict=True)
    ]
    heads = [labels.dates(found.before.period), labels.dates(found.period)]
    said = []
    if found.period.until > found.today:
        said.append(_("This period has not ended: its numbers are as of %(day)s.", day=long_day(found.today)))
    return PaperSection(
        "reports-before", heading, texts=said, tables=[_table(heading, _("What"), heads, fields)]
    )


def _numbers(counts: Counted, small: bool) -> list[tuple[str, Field]]:
    whole = counts.held.whole
    return [
        (_("Meetings held"), counts.meetings.all_held),
        (_("Attendances at meetings"), counts.meetings.all_came),
        (_("People with a record here, counted once"), counts.meetings.people),
        (_("Organizations, counted once"), counts.organizations),
        (_("Members joined"), counts.people.joined),
        (_("Agreements signed"), len(counts.signed)),
        (_("Actions done"), counts.done.total()),
        (_("Activities held"), whole.activities),
        (_("People reached by activities, as attendances"), reached(whole, small)),
        (_("Hours"), whole.hours),
    ]


def _table(caption: str, first: str, heads: Sequence[str], fields: list[list[Field]]) -> Table:
    columns = [Column(first, Width.WIDE), *(Column(head, Width.NUMBER) for head in heads)]
    return Table(caption, columns, [[shown(each) for each in row] for row in fields], fields=fields)


def once(found: Found) -> PaperSection:
    heading = _("People and organizations, counted once")
    each_time = _("attendances: someone who comes twice counts twice")
    rows: list[list[Field]] = [
        [_("People with a record here"), found.now.meetings.people, _("each counted once for these dates")],
        [_("Organizations"), found.now.organizations, _("each counted once for these dates")],
        [_("Guests at meetings"), found.now.meetings.guests, each_time],
        [_("Guests at events"), reached(found.now.held.events, found.small), each_time],
    ]
    columns = [Column(_("Who took part"), Width.WIDE), Column(_("Number"), Width.NUMBER)]
    columns.append(Column(_("How they are counted")))
    said = _(
        "Guests leave no record, so you cannot tell whether two of them are the same person. "
        "They count as attendances and are not added to people. Events are trainings, outreach, fundraising, and "
        "other activities with a start time."
    )
    table = Table(heading, columns, [[shown(each) for each in row] for row in rows], fields=rows)
    return PaperSection("reports-once", heading, texts=[said], tables=[table])


def meetings(found: Found) -> PaperSection:
    heading, counts = _("Meetings held"), found.now.meetings
    left = counts.unrecorded
    said = (
        [ngettext("%(num)s meeting not recorded yet.", "%(num)s meetings not recorded yet.", left)]
        if left
        else []
    )
    if not counts.all_held:
        return PaperSection(
            "reports-meetings", heading, texts=[_("No meeting was held during these dates."), *said]
        )
    rows = [
        (str(MEETING_KINDS[kind]), (counts.held[kind], counts.came.get(kind, 0)))
        for kind in MeetingKind
        if kind in counts.held
    ]
    table = counted(heading, _("Kind"), [_("Meetings"), _("Attendances")], rows)
    return PaperSection("reports-meetings", heading, texts=said, tables=[table])


def attendance(found: Found) -> PaperSection:
    heading, counts = _("Attendance by sector"), found.now.meetings
    if not counts.all_came:
        return PaperSection(
            "reports-attendance", heading, texts=[_("No attendance is recorded for these dates.")]
        )
    names = {each.key: each.name for each in content().sectors}
    known = [key for key in (*names, "") if key in counts.sectors]
    unknown = [key for key in counts.sectors if key not in known]
    rows = [
        (
            names.get(key, key) or _("Sector not given"),
            (counts.sectors[key].attendances, counts.sectors[key].meetings),
        )
        for key in (*known, *unknown)
    ]
    organizations = len(counts.organizations)
    sectors = sum(bool(key) for key in counts.sectors)
    said = _(
        "%(came)s, from %(organizations)s in %(sectors)s.",
        came=ngettext("%(num)s attendance", "%(num)s attendances", counts.all_came),
        organizations=ngettext("%(num)s organization", "%(num)s organizations", organizations),
        sectors=ngettext("%(num)s sector", "%(num)s sectors", sectors),
    )
    # A meeting counts for each sector that took part, so these numbers have no total.
    heads = [_("Attendances"), _("Meetings with this sector")]
    table = counted(heading, _("Sector"), heads, rows, total=False)
    return PaperSection("reports-attendance", heading, texts=[said], tables=[table] if sectors else [])


def people(found: Found) -> PaperSection:
    heading, counts = _("Members joined and left"), found.now.people
    rows = [
        (_("Members before %(day)s", day=long_day(found.period.since)), (counts.before,)),
        (pgettext("count", "Joined"), (counts.joined,)),
        (pgettext("count", "Left"), (counts.left,)),
        (_("Members on %(day)s", day=long_day(found.last)), (counts.after,)),
    ]
    table = counted(heading, _("Members"), [_("Number")], rows, total=False)
    return PaperSection("reports-people", heading, tables=[table])


def partnerships(found: Found) -> PaperSection:
    """Returns partners by what they do with the coalition, and by kind of agreement."""
    heading, counts = _("Partnerships by type and formality"), found.partnerships
    if not counts.formal + counts.informal:
        return PaperSection("reports-partnerships", heading, texts=[_("No partnership is recorded.")])
    said = _(
        "A partnership is formal if an agreement was in force on %(agreed)s. Types and relationships are as "
        "recorded on %(noted)s; an organization may have several types.",
        agreed=long_day(found.last),
        noted=long_day(found.today),
    )
    types = [
        (
            str(PARTNERSHIP_LABELS[each]) if each else _("Type not recorded"),
            (formal, informal, formal + informal),
        )
        for each, (formal, informal) in counts.types.items()
    ]
    binding = [(str(AGREEMENT_KINDS[kind]), (number_,)) for kind, number_ in counts.kinds.items()]
    binding.append((_("Any agreement"), (counts.formal,)))
    binding.append((_("No agreement: informal"), (counts.informal,)))
    heads = [_("Formal"), _("Informal"), _("Organizations")]
    return PaperSection(
        "reports-partnerships",
        heading,
        texts=[said],
        tables=[
            *([counted(heading, _("Type"), heads, types, total=False)] if any(counts.types) else []),
            counted(_("Formality"), _("Formality"), [_("Organizations")], binding, total=False),
        ],
    )


def agreements(found: Found) -> PaperSection:
    heading = _("Agreements signed and ending")
    lines, period = found.agreements, found.period
    signed = Counter(each.kind for each in found.now.signed)
    ending = Counter(
        each.kind for each in lines if partnerships_queries.held(each) and each.ends_on in period
    )
    holding = Counter(each.kind for each in lines if partnerships_queries.holds_on(each, found.last))
    rows = [
        (str(label), (signed[kind], ending[kind], holding[kind]))
        for kind, label in AGREEMENT_KINDS.items()
        if signed[kind] or ending[kind] or holding[kind]
    ]
    if not rows:
        return PaperSection(
            "reports-agreements", heading, texts=[_("No agreement was in force during these dates.")]
        )
    heads = [_("Signed"), _("Ending"), _("In force on %(day)s", day=long_day(found.last))]
    return PaperSection("reports-agreements", heading, tables=[counted(heading, _("Kind"), heads, rows)])


def actions(found: Found) -> PaperSection:
    heading = _("Actions by status and focus area")
    done = found.now.done
    keys = [each.key for each in content().areas]
    keys += [*sorted({*found.actions, *done} - {*keys, ""}), ""]
    rows = [
        (
            outline.area_name(key) or key or _("Several areas, or none"),
            (*(found.actions.get(key, {}).get(status, 0) for status in ActionStatus), done[key]),
        )
        for key in keys
        if key in found.actions or done[key]
    ]
    if not rows:
        return PaperSection("reports-actions", heading, texts=[_("No actions yet.")])
    heads = [*(str(STATUS_LABELS[status]) for status in ActionStatus), _("Done during these dates")]
    said = [
        _(
            "The status of actions in open plans on %(day)s, and how many actions in all plans were done "
            "during these dates.",
            day=long_day(found.today),
        )
    ]
    if found.done_sometime:
        said.append(
            ngettext(
                "%(num)s action was done on an unknown day, so it is not counted in any period.",
                "%(num)s actions were done on an unknown day, so they are not counted in any period.",
                found.done_sometime,
            )
        )
    table = counted(heading, _("Focus area"), heads, rows)
    return PaperSection("reports-actions", heading, texts=said, tables=[table])
