"""Names the sections and layouts of the funder report."""

from datetime import date

from engage.dates import long_day
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.reports.funder.rules import Layout, Part
from engage.reports.labels import between
from engage.reports.rules import Period

PART_LABELS = {
    Part.FIGURES: _l("At a glance"),
    Part.BEFORE: _l("Compared with the period before"),
    Part.ONCE: _l("People and organizations, counted once"),
    Part.MEETINGS: _l("Meetings held"),
    Part.ATTENDANCE: _l("Attendance by sector"),
    Part.PEOPLE: _l("Members joined and left"),
    Part.PARTNERSHIPS: _l("Partnerships by type and formality"),
    Part.AGREEMENTS: _l("Agreements signed and ending"),
    Part.ACTIVITIES: _l("Activities by kind"),
    Part.AUDIENCES: _l("Activities by audience"),
    Part.PLACES: _l("Activities by county and language"),
    Part.ACTIONS: _l("Actions by status and focus area"),
    Part.MEASURES: _l("Measures with readings"),
    Part.CHANGES: _l("Assessment"),
}
LAYOUT_LABELS = {
    Layout.OWN: _l("All sections"),
    Layout.FEDERAL: _l("Federal half-year"),
    Layout.STATE: _l("State quarter"),
}
OWN_ORDER = _l("Your own order")
_SPELLED = {
    1: _l("One"),
    2: _l("Two"),
    3: _l("Three"),
    4: _l("Four"),
    5: _l("Five"),
    6: _l("Six"),
    7: _l("Seven"),
    8: _l("Eight"),
    9: _l("Nine"),
}


def spelled(count: int) -> str:
    """Returns the number as the first word of a sentence: "Two", "14"."""
    return str(_SPELLED.get(count, count))


def dates(period: Period) -> str:
    return between(period.since, period.until)


def whole_dates(period: Period, today: date) -> str:
    """Returns the dates of the report, and the day of its numbers."""
    if period.until > today:
        return _("%(dates)s, so far: as of %(day)s", dates=dates(period), day=long_day(today))
    return _("%(dates)s, as of %(day)s", dates=dates(period), day=long_day(today))
