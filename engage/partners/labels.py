"""Puts relationship levels and an organization's details into words."""

from collections.abc import Callable, Mapping

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.partners.rules import ContactPlace, Help, Level, PartnershipType, TagKind

LEVEL_LABELS = {
    Level.NONE: _l("No interaction"),
    Level.NETWORKING: _l("Networking"),
    Level.COOPERATION: _l("Cooperation"),
    Level.COORDINATION: _l("Coordination"),
    Level.COALITION: _l("Coalition"),
    Level.COLLABORATION: _l("Collaboration"),
}
LEVEL_WHY = {
    Level.NONE: _l("We know that they exist, but have not worked together."),
    Level.NETWORKING: _l("We know who to call. We talk little, and each of us decides alone."),
    Level.COOPERATION: _l("We tell each other what we do and send people to each other."),
    Level.COORDINATION: _l("We plan some things together and share some of what we have."),
    Level.COALITION: _l("We share ideas and resources, talk often, and everyone has a say in decisions."),
    Level.COLLABORATION: _l("We work as one: we trust each other and decide together."),
}
LEVEL_CHOICES = {
    str(level.value): _l("%(level)s: %(words)s", level=level.value, words=words)
    for level, words in LEVEL_LABELS.items()
}
PLACE_LABELS = {
    ContactPlace.MAIN: _l("Main contact"),
    ContactPlace.ALTERNATE: _l("Alternate contact"),
    ContactPlace.OTHER: _l("Another contact"),
}
HELP_LABELS = {
    Help.ADVOCATE: _l("An advocate or case manager"),
    Help.SHELTER: _l("Emergency shelter"),
    Help.HOUSING: _l("Longer-term housing"),
    Help.BASICS: _l("Food, clothing, and money"),
    Help.HEALTH: _l("Health and dental care"),
    Help.COUNSELING: _l("Counseling"),
    Help.RECOVERY: _l("Recovery from addiction"),
    Help.LEGAL: _l("Legal help"),
    Help.IMMIGRATION: _l("Immigration help"),
    Help.YOUTH: _l("Help for children and teens"),
    Help.WORK: _l("School, training, and work"),
    Help.LANGUAGE: _l("Interpreters"),
    Help.RIDES: _l("Rides"),
    Help.PEERS: _l("Peer support"),
    Help.OTHER: _l("Something else"),
}
TAG_LABELS = {
    TagKind.DISCIPLINE: _l("Disciplines"),
    TagKind.AREA: _l("Focus areas"),
    TagKind.SERVICE: _l("Services"),
    TagKind.SERVES: _l("People it serves"),
    TagKind.COUNTY: _l("Counties"),
    TagKind.LANGUAGE: _l("Languages"),
    TagKind.PARTNERSHIP: _l("What we do together"),
}
PARTNERSHIP_LABELS = {
    PartnershipType.REFERRAL: _l("Referrals"),
    PartnershipType.INFORMATION_SHARING: _l("Information sharing"),
    PartnershipType.JOINT_PROGRAMS: _l("Joint programs"),
}


def level_words(level: int | None) -> str:
    """Returns words such as "3: Coordination"; empty if no level was set."""
    if level is None:
        return ""
    return _("%(level)s: %(words)s", level=level, words=LEVEL_LABELS[Level(level)])


def commit_words(may_commit: bool | None) -> str:
    """Says whether a contact may promise something in the organization's name."""
    if may_commit is None:
        return _("not asked yet")
    return _("yes") if may_commit else _("no")


def moved_words(counts: Mapping[str, int]) -> list[str]:
    """Says what moves from one organization to another, one line for each table."""
    return [
        MOVED[table](number) if table in MOVED else other_records(number) for table, number in counts.items()
    ]


def other_records(number: int) -> str:
    return ngettext("%(num)s other record", "%(num)s other records", number)


# Each key is a table that refers to an organization.
MOVED: Mapping[str, Callable[[int], str]] = {
    "partners_organization_tag": lambda n: ngettext(
        "%(num)s discipline, focus area, service, group served, county, or language",
        "%(num)s disciplines, focus areas, services, groups served, counties, and languages",
        n,
    ),
    "partners_contact": lambda n: ngettext("%(num)s contact", "%(num)s contacts", n),
    "partners_service": lambda n: ngettext(
        "%(num)s service on the referral list", "%(num)s services on the referral list", n
    ),
    "partners_conversation": lambda n: ngettext("%(num)s conversation", "%(num)s conversations", n),
    "partners_agreement": lambda n: ngettext("%(num)s agreement", "%(num)s agreements", n),
    "partners_seat": lambda n: ngettext("%(num)s sector to recruit", "%(num)s sectors to recruit", n),
    "partners_affiliation": lambda n: ngettext(
        "%(num)s person from the coalition", "%(num)s people from the coalition", n
    ),
    "strengths_strength": lambda n: ngettext("%(num)s strength", "%(num)s strengths", n),
    "assessment_effort": lambda n: ngettext("%(num)s known effort", "%(num)s known efforts", n),
    "meetings_attendance": lambda n: ngettext(
        "%(num)s attendance at a meeting", "%(num)s attendances at meetings", n
    ),
    "plan_action": lambda n: ngettext("%(num)s action", "%(num)s actions", n),
    "plan_activity_partner": lambda n: ngettext(
        "%(num)s training or event", "%(num)s trainings and events", n
    ),
    "documents_use": lambda n: ngettext("%(num)s document", "%(num)s documents", n),
}
