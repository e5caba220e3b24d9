"""Names the plan's statuses on screen, and says when an action is due."""

from datetime import date
from functools import lru_cache

from engage.content.loader import content
from engage.dates import day_text_in
from engage.extensions import in_language, language, locale_name
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.languages import offered
from engage.partners.agreements.labels import name_as_read
from engage.plan.rules import ActionStatus, CarryWhy, DueKind, PlanStatus, Progress, due_words

STATUS_LABELS = {
    ActionStatus.NOT_STARTED: _l("Not started"),
    ActionStatus.UNDER_WAY: _l("Under way"),
    ActionStatus.STUCK: _l("Stuck"),
    ActionStatus.DONE: _l("Done"),
    ActionStatus.NO_LONGER_NEEDED: _l("No longer needed"),
}
# The title of the action that the daily job makes for an agreement that ends.
RENEWAL = _l("Renew or end: %(agreement)s")
# These are the colors of tags; a tag's word says the same.
STATUS_TAGS = {
    ActionStatus.NOT_STARTED: "notstarted",
    ActionStatus.UNDER_WAY: "underway",
    ActionStatus.STUCK: "stuck",
    ActionStatus.DONE: "done",
    ActionStatus.NO_LONGER_NEEDED: "notstarted",
}
PLAN_LABELS = {
    PlanStatus.DRAFT: _l("Draft"),
    PlanStatus.ADOPTED: _l("Current plan"),
    PlanStatus.CLOSED: _l("Closed"),
}


# From these numbers of days on, lateness is given in months, and then in years.
MONTHS_FROM, YEARS_FROM = 60, 730


def late_words(days: int) -> str:
    """Returns words such as "3 days late"."""
    if days < MONTHS_FROM:
        return ngettext("%(num)s day late", "%(num)s days late", days)
    if days < YEARS_FROM:
        return ngettext("%(num)s month late", "%(num)s months late", days // 30)
    return ngettext("%(num)s year late", "%(num)s years late", days // 365)


def by_when(due: date | None, today: date, status: ActionStatus) -> str:
    """Returns words such as "Nov 21, 3 days late", "Today" or "Mar 3, 2027"; empty without a date.

    A future day reads like "Dec 4, in 5 days".
    """
    if due is None:
        return ""
    return by_when_in(locale_name(), due, today, status)


@lru_cache(maxsize=2000)
def by_when_in(locale: str, due: date, today: date, status: ActionStatus) -> str:
    """Returns `by_when` for a list, which looks up its language once."""
    return _by_when(due, today, status, locale)


def _by_when(due: date, today: date, status: ActionStatus, locale: str) -> str:
    day = day_text_in(locale, due, today)
    words = due_words(due, today, status)
    match words.kind:
        case DueKind.LATE:
            return _("%(day)s, %(late)s", day=day, late=late_words(words.days))
        case DueKind.TODAY:
            return _("Today")
        case DueKind.SOON:
            return ngettext("%(day)s, in %(num)s day", "%(day)s, in %(num)s days", words.days, day=day)
        case _:
            return day


def counts_sentence(progress: Progress) -> str:
    """Returns words such as "18 of 41 actions done, 2 no longer needed"."""
    if not progress.total and not progress.no_longer_needed:
        return _("No actions yet.")
    done = ngettext(
        "%(done)s of %(num)s action done",
        "%(done)s of %(num)s actions done",
        progress.total,
        done=progress.done,
    )
    if progress.no_longer_needed:
        return _("%(done)s, %(dropped)s no longer needed.", done=done, dropped=progress.no_longer_needed)
    return _("%(done)s.", done=done)


def done_of(progress: Progress) -> str:
    """Returns words such as "4 of 11 done", or "No actions yet"."""
    if progress.total:
        return _("%(done)s of %(total)s done", done=progress.done, total=progress.total)
    return _("All no longer needed") if progress.no_longer_needed else _("No actions yet")


def origin(item: str | None, round_title: str | None, indicator: str) -> str:
    """Says in a few words where an action came from; "" if a person added it without a source."""
    if item is not None:
        return _("From Tips for Success: %(tip)s", tip=tip_name(item))
    if round_title is not None:
        return _(
            "From %(round)s: %(indicator)s",
            round=round_title,
            indicator=indicator_title(indicator),
        )
    return ""


def tip_name(item: str) -> str:
    """Returns the tip's name for an item's key, or the key if the content no longer knows it."""
    try:
        return content().tip(content().tip_item(item).tip).name
    except KeyError:
        return item


def indicator_title(key: str) -> str:
    """Returns an indicator's title, or the key if the content does not know it, as in a coalition's own set."""
    try:
        return content().indicator(key).title
    except KeyError:
        return key


def title_as_read(title: str) -> str:
    """Returns an action's title in the reader's language if Engage wrote it for an agreement, else as it is."""
    for other in offered():
        before, after = _around_agreement(other)
        if title.startswith(before) and title.endswith(after) and other != language():
            name = title.removeprefix(before).removesuffix(after)
            return str(RENEWAL) % {"agreement": name_as_read(name)}
    return title


@lru_cache(maxsize=64)
def _around_agreement(other: str) -> tuple[str, str]:
    with in_language(other):
        before, _name, after = str(RENEWAL).partition("%(agreement)s")
    return before, after


def goal_heading(number: int, title: str) -> str:
    """Returns a heading such as *Goal 1. No one waits for a safe bed*."""
    return _("Goal %(number)s. %(title)s", number=number, title=title)


# The reasons for carrying something over.
WHY_LABELS = {
    CarryWhy.NOT_FINISHED: _l("not finished yet"),
    CarryWhy.CONTINUES: _l("it continues"),
    CarryWhy.OTHER: _l("another reason"),
}
