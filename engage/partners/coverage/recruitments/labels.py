"""Puts open recruitments into words."""

from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.partners.coverage.recruitments.service import RecruitmentLine
from engage.partners.coverage.rules import RecruitmentOutcome

OUTCOME_LABELS = {
    RecruitmentOutcome.TAKEN: _l("Filled"),
    RecruitmentOutcome.GIVEN_UP: _l("No longer looking"),
}
OUTCOME_WHY = {
    RecruitmentOutcome.TAKEN: _l("Someone from this sector now takes part."),
    RecruitmentOutcome.GIVEN_UP: _l("You will stop looking for now. You can reopen it later."),
}
OUTCOME_TAGS = {RecruitmentOutcome.TAKEN: "done", RecruitmentOutcome.GIVEN_UP: "notstarted"}


def recruitment_name(sector: str, area: str) -> str:
    """Returns words such as "Faith-based", or "Faith-based: Prevention", from names."""
    return _("%(sector)s: %(area)s", sector=sector, area=area) if area else sector


def place_name(sector: str, area: str) -> str:
    """Returns the name of a recruitment from the keys of its sector and focus area."""
    words = content()
    name = next((each.name for each in words.areas if each.key == area), "")
    return recruitment_name(words.sector(sector).name, name)


def named(recruitment: RecruitmentLine) -> str:
    """Returns the recruitment's name, with the discipline that is sought."""
    place, wanted = place_name(recruitment.sector, recruitment.area), recruitment.discipline
    work = next((each.name for each in content().organization_disciplines() if each.key == wanted), "")
    return _("%(place)s (%(discipline)s)", place=place, discipline=work) if work else place


def outreach_title(recruitment: str, organization: str = "") -> str:
    """Returns the title of the action that looks for someone; `recruitment` is the recruitment's name."""
    if organization:
        return _(
            "Reach out to %(organization)s (%(recruitment)s)",
            organization=organization,
            recruitment=recruitment,
        )
    return _("Reach out to someone for %(recruitment)s", recruitment=recruitment)
