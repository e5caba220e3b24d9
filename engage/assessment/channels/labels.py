"""Returns the texts of the counts of people who answered through a round's channels."""

from collections.abc import Mapping

from engage.assessment.channels.rules import Seen
from engage.assessment.rules import WayIn
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l

# People who answered with an account or on paper are shown on the respondents page, by name and as an exact
# number.
WAY_LABELS = {
    WayIn.LINK: _l("By the open link"),
    WayIn.SLIPS: _l("By slips and e-mailed codes"),
}


def ways(seen: Seen, k: int) -> list[tuple[str, str]]:
    """Returns each way without an account with the number of people who finished."""
    fewer = _("fewer than %(k)s", k=k)
    return [
        (str(words), fewer if seen.ways.get(way) is None else str(seen.ways[way]))
        for way, words in WAY_LABELS.items()
    ]


def sectors(seen: Seen, names: Mapping[str, str], k: int) -> list[tuple[str, str]]:
    """Returns each sector that may be shown with its number of people through a channel, the largest first."""
    ordered = sorted(seen.sectors.items(), key=lambda pair: (-pair[1], names.get(pair[0], pair[0])))
    told = [(names.get(key, key), str(number)) for key, number in ordered]
    rest = _("All other sectors") if told else _("Every sector")
    return [*told, (rest, _("fewer than %(k)s, or held back", k=k))]
