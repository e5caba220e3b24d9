"""Puts what was carried over into words."""

from collections.abc import Sequence

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.i18n import gettext as _
from engage.plan.carryover.queries import CarryoverLink
from engage.plan.labels import WHY_LABELS
from engage.plan.rules import CarryWhy

# -- what was carried over


def because(why: CarryWhy, reason: str, *, names: bool) -> str:
    """Returns words such as "not finished yet", with the writer's own words for those who may read texts."""
    own = reason if names else ""
    if why is CarryWhy.OTHER and own:
        return own
    usual = str(WHY_LABELS[why])
    return _("%(why)s: %(words)s", why=usual, words=own) if own else usual


class LinkWords(Struct, frozen=True):
    """One side of a link between a plan's part and the same part in another plan, in words."""

    label: str
    text: str
    url: str
    because: str


def links(membership: Membership, found: Sequence[CarryoverLink], endpoint: str) -> list[LinkWords]:
    """Returns links such as "Carried over from: Plan 2026, action 14", with the reason.

    `endpoint` is the goal's or objective's page.
    """
    names = may(membership.role, Permission.SEE_ALL)
    made = []
    for each in found:
        if each.number is not None:
            said = _("%(plan)s, action %(number)s", plan=each.plan, number=each.number)
            url = url_for("plan.action", number=each.number)
        else:
            said = _("%(plan)s, “%(title)s”", plan=each.plan, title=each.title)
            url = address_of(endpoint, each.id)
        label = _("Carried over from") if each.earlier else _("Carried over to")
        made.append(LinkWords(label, said, url, because(each.why, each.reason, names=names)))
    return made


def address_of(level: str, key: int) -> str:
    """Returns the address of a goal's or an objective's page."""
    if level == "goal":
        return url_for("plan.goal", goal_id=key)
    return url_for("plan.objective", objective_id=key)
