"""Writes the plan of action as a report, with everything or on one page."""

from collections.abc import Callable, Sequence
from datetime import date

from msgspec.structs import replace

from engage.coalitions.labels import paper_of
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.dates import as_of
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan import labels as plan_labels
from engage.plan.measures.pages import MeasureLine
from engage.plan.models import Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.lines import ActionLine, line_maker, wording
from engage.plan.overview.pages import outline
from engage.plan.overview.pages.outline import GoalPart, ObjectivePart
from engage.plan.overview.queries import OPEN_STATE, ActionFilters, ActionGrouping, PlanCounts
from engage.plan.rules import ActionStatus
from engage.reports.labels import between, number
from engage.web.paper.rules import Cell, Column, Figure, Paper, PaperSection, Table, Width

# The one-page report shows this many of the next dates, and this many goals if it has to be shortened.
NEXT, MOST_GOALS = 6, 12


# -- everything


def full_plan(membership: Membership, coalition: Coalition, plan: Plan, today: date, url: str = "") -> Paper:
    """Builds every goal, objective and action. `url` is the address of an action's number, with {}."""
    whole = outline.whole(membership, plan, today)
    table = _actions_table(membership, url)
    sections = [_where_we_are(whole.standing.counts)] if whole.standing.counts.actions else []
    for part in whole.goals:
        sections += _goal(part, table)
    if whole.loose.lines:
        sections.append(
            PaperSection(
                id="reports-loose",
                heading=_("Not yet under a goal"),
                aside=whole.loose.progress.words,
                tables=[table(whole.loose.lines, _("Actions not yet under a goal"))],
            )
        )
    paper = paper_of(coalition, _("Plan of action"), plan.title, _of(plan, today), sections or _nothing())
    return paper.with_(lead=whole.standing.words, notes=[_rule()])


Tabled = Callable[[Sequence[ActionLine], str], Table]


def _goal(part: GoalPart, table: Tabled) -> list[PaperSection]:
    progress = part.progress.progress
    found = [
        PaperSection(
            id=f"reports-goal-{part.id}",
            heading=part.heading,
            aside=part.progress.words,
            done=progress.done,
            total=progress.total,
            texts=[part.why] if part.why else [],
        )
    ]
    found += [_objective(each, table) for each in part.objectives]
    if part.lines:
        caption = _("Actions of goal %(number)s", number=part.number)
        tables = [table(part.lines, caption)]
        if part.objectives:
            heading = _("Not yet under an objective")
            found.append(PaperSection(f"reports-goal-{part.id}-rest", heading, level=2, tables=tables))
        else:
            found[0] = replace(found[0], tables=tables)
    return found


def _objective(part: ObjectivePart, table: Tabled) -> PaperSection:
    caption = _("Actions of objective %(number)s", number=part.number)
    return PaperSection(
        id=f"reports-objective-{part.id}",
        heading=f"{part.number} {part.title}",
        level=2,
        aside=part.progress.words,
        points=[_measure(each) for each in part.measures],
        tables=[table(part.lines, caption)] if part.lines else [],
    )


def _measure(line: MeasureLine) -> str:
    said = _("%(measure)s: %(reading)s", measure=line.title, reading=line.words)
    return f"{said} ({line.standing})" if line.standing else said


def _actions_table(membership: Membership, url: str) -> Tabled:
    """Returns a function that makes tables of actions; it looks up the words of their headings once."""
    who = _("Owner") if may(membership.role, Permission.SEE_ALL) else _("Organization")
    columns = [
        Column(_("No."), Width.NARROW),
        Column(_("What"), Width.WIDE),
        Column(who),
        Column(_("By when")),
        Column(_("Status")),
    ]

    def table(lines: Sequence[ActionLine], caption: str) -> Table:
        return Table(
            caption,
            columns,
            [
                (
                    str(line.number),
                    Cell(
                        line.title,
                        "",
                        " · ".join(part for part in (line.partner, line.detail) if part),
                        url.format(line.number) if url else "",
                    ),
                    line.who,
                    Cell(line.due, "late") if line.is_late else line.due,
                    line.status,
                )
                for line in lines
            ],
        )

    return table


def _where_we_are(counts: PlanCounts) -> PaperSection:
    plan = counts.rollup.plan
    return PaperSection(
        id="reports-standing",
        heading=_("Where we are"),
        figures=[
            Figure(
                _("%(done)s of %(total)s", done=number(plan.done), total=number(plan.total)),
                ngettext("action done", "actions done", plan.total),
            ),
            Figure(number(counts.late), _("late")),
            Figure(number(counts.stuck), str(plan_labels.STATUS_LABELS[ActionStatus.STUCK]).lower()),
            Figure(
                number(plan.no_longer_needed),
                str(plan_labels.STATUS_LABELS[ActionStatus.NO_LONGER_NEEDED]).lower(),
            ),
        ],
    )


def _of(plan: Plan, today: date) -> str:
    """Says the plan's dates, and the day of the report."""
    if plan.starts_on is None or plan.ends_on is None:
        return as_of(today)
    return f"{between(plan.starts_on, plan.ends_on)}, {as_of(today)}"


def _nothing() -> list[PaperSection]:
    return [PaperSection("reports-empty", "", texts=[_("This plan has no goals and no actions yet.")])]


def _rule() -> str:
    return _("Progress counts what is done. Actions no longer needed are left out.")


# -- the one-page report


def one_page(membership: Membership, coalition: Coalition, plan: Plan, today: date, url: str = "") -> Paper:
    """Builds goals with objectives and numbers, and the next dates; on paper it shows less if it would not fit."""
    whole = outline.whole(membership, plan, today, with_actions=False)
    after = _next_section(membership, plan, today, url)
    first = [_where_we_are(whole.standing.counts)] if whole.standing.counts.actions else []
    last = [after] if after is not None else []
    detailed = [_short_goal(part) for part in whole.goals]
    sections = [*first, *detailed, *last] or _nothing()
    paper = paper_of(coalition, _("Plan on one page"), plan.title, _of(plan, today), sections)
    shorter: list[Sequence[PaperSection]] = []
    if whole.goals:
        bare = [_goals_table(whole.goals)]
        shorter = [[*first, *detailed], [*first, *bare, *last], [*first, *bare]]
        if len(whole.goals) > MOST_GOALS:
            shorter.append([*first, _goals_table(whole.goals[:MOST_GOALS], len(whole.goals) - MOST_GOALS)])
    return paper.with_(lead=whole.standing.words, fits=True, shorter=shorter, notes=[_rule()])


def _short_goal(part: GoalPart) -> PaperSection:
    progress = part.progress.progress
    return PaperSection(
        id=f"reports-goal-{part.id}",
        heading=part.heading,
        aside=part.progress.words,
        done=progress.done,
        total=progress.total,
        points=[_objective_line(each) for each in part.objectives],
    )


def _objective_line(part: ObjectivePart) -> str:
    """Returns words such as "1.2 Places for boys within a day · Beds: 12 of 20 beds, May 3 (On track)"."""
    said = [f"{part.number} {part.title}", *(_measure(each) for each in part.measures)]
    if not part.measures:
        said.append(part.progress.words)
    return " · ".join(said)


def _goals_table(goals: Sequence[GoalPart], left_out: int = 0) -> PaperSection:
    rows: list[tuple[str | Cell, ...]] = [
        (str(part.number), part.title, part.progress.words) for part in goals
    ]
    more = ngettext(
        "%(num)s more goal is in the full plan.", "%(num)s more goals are in the full plan.", left_out
    )
    said = [more] if left_out else []
    columns = [Column(_("No."), Width.NARROW), Column(_("Goal"), Width.WIDE), Column(_("Progress"))]
    return PaperSection("reports-goals", _("Goals"), texts=said, tables=[Table(_("Goals"), columns, rows)])


def _next_section(membership: Membership, plan: Plan, today: date, url: str) -> PaperSection | None:
    """Returns the next dates of open actions; late ones come first."""
    filters = ActionFilters(state=OPEN_STATE, group=ActionGrouping.MONTH)
    rows = [
        row
        for row in overview_queries.rows_of(membership, plan.id, filters, today, most=NEXT)
        if row.due_on is not None
    ]
    if not rows:
        return None
    line = line_maker(wording(membership, plan, today))
    table = _actions_table(membership, url)([line(row)._replace(detail="") for row in rows], _("Next steps"))
    return PaperSection("reports-next", _("Next steps"), tables=[table])
