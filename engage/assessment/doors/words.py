"""Words the counts of who came through a round's doors."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.assessment.doors.rules import Seen, WayIn

WAY_WORDS = {
    WayIn.ACCOUNT: _l("With an account"),
    WayIn.LINK: _l("By the open link"),
    WayIn.SLIPS: _l("By slips and e-mailed codes"),
    WayIn.PAPER: _l("On paper"),
}


def ways(seen: Seen, k: int) -> list[tuple[str, str]]:
    """Returns each way with the number of people who finished."""
    fewer = _("fewer than %(k)s", k=k)
    return [
        (str(words), fewer if seen.ways.get(way) is None else str(seen.ways[way]))
        for way, words in WAY_WORDS.items()
    ]


def sectors(seen: Seen, names: Mapping[str, str], k: int) -> list[tuple[str, str]]:
    """Returns each sector that may be shown with the number of people who came through a door, the most first."""
    ordered = sorted(seen.sectors.items(), key=lambda pair: (-pair[1], names.get(pair[0], pair[0])))
    told = [(names.get(key, key), str(number)) for key, number in ordered]
    rest = _("All other sectors") if told else _("Every sector")
    return [*told, (rest, _("fewer than %(k)s, or held back", k=k))]
