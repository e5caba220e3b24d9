"""Returns the texts of live tables: their names, what each holds, and the words in place of a title."""

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.reports.tables.rules import LiveTable, Title, TitleKind

TABLE_LABELS = {
    LiveTable.PLAN: _l("Plan"),
    LiveTable.MEASURES: _l("Measures and readings"),
    LiveTable.ACTIVITIES: _l("Activities"),
    LiveTable.COUNTS: _l("Counts of a period"),
    LiveTable.COVERAGE: _l("Coverage"),
}
TABLE_HELP = {
    LiveTable.PLAN: _l("Each action of the current plan with its status, dates, goal, and objective."),
    LiveTable.MEASURES: _l(
        "Each reading of each measure, with its start and target. Small counts stay empty."
    ),
    LiveTable.ACTIVITIES: _l("Each activity with its date, people reached, and hours."),
    LiveTable.COUNTS: _l("Meetings, activities, agreements, and actions done, for ten periods."),
    LiveTable.COVERAGE: _l("How many organizations are active in each sector and focus area."),
}
KIND_LABELS = {
    TitleKind.GOAL: _l("Goals"),
    TitleKind.OBJECTIVE: _l("Objectives"),
    TitleKind.ACTION: _l("Actions"),
    TitleKind.MEASURE: _l("Measures"),
    TitleKind.ACTIVITY: _l("Activities"),
}


def number_words(title: Title) -> str:
    """Returns what stands in a table in place of a title, such as "Action 14"."""
    match title.kind:
        case TitleKind.GOAL:
            return _("Goal %(number)s", number=title.number)
        case TitleKind.OBJECTIVE:
            return _("Objective %(number)s", number=title.number)
        case TitleKind.ACTION:
            return _("Action %(number)s", number=title.number)
        case TitleKind.MEASURE:
            return _("Measure %(number)s", number=title.number)
        case TitleKind.ACTIVITY:
            return _("Activity %(number)s", number=title.number)
