"""Puts open seats into words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.content.loader import content
from engage.partners.coverage.seats.rules import SeatOutcome
from engage.partners.coverage.seats.service import SeatLine

OUTCOME_WORDS = {
    SeatOutcome.TAKEN: _l("Filled"),
    SeatOutcome.GIVEN_UP: _l("No longer looking"),
}
OUTCOME_WHY = {
    SeatOutcome.TAKEN: _l("Someone from this sector now takes part."),
    SeatOutcome.GIVEN_UP: _l("You stop looking for now. You can reopen it later."),
}
OUTCOME_TAGS = {SeatOutcome.TAKEN: "done", SeatOutcome.GIVEN_UP: "notstarted"}


def seat_name(sector: str, area: str) -> str:
    """Returns words such as "Faith-based", or "Faith-based: Prevention", from names."""
    return _("%(sector)s: %(area)s", sector=sector, area=area) if area else sector


def place_name(sector: str, area: str) -> str:
    """Returns the same from keys."""
    words = content()
    name = next((each.name for each in words.areas if each.key == area), "")
    return seat_name(words.sector(sector).name, name)


def named(seat: SeatLine) -> str:
    """Returns the place of the seat, and the discipline that it asks for."""
    place, wanted = place_name(seat.sector, seat.area), seat.discipline
    work = next((each.name for each in content().organization_disciplines() if each.key == wanted), "")
    return _("%(place)s (%(discipline)s)", place=place, discipline=work) if work else place


def outreach_title(seat: str, organization: str = "") -> str:
    """Returns the title of the action that looks for someone; `seat` is its name."""
    if organization:
        return _("Reach out to %(organization)s (%(seat)s)", organization=organization, seat=seat)
    return _("Reach out to someone for %(seat)s", seat=seat)
