"""What an organization's page says of it, in words."""

from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from engage.content.loader import content
from engage.partners import queries
from engage.partners.models import Organization
from engage.partners.rules import Level, TagKind, needs_a_look
from engage.partners.words import LEVEL_WHY, TAG_WORDS, level_words


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    sector: str
    level: str
    level_why: str
    # (what it is, its words), only what is known.
    several: list[tuple[str, str]]
    looked: str
    is_old: bool

    @classmethod
    def of(cls, organization: Organization, today: date) -> "OrganizationPage":
        level, looked = organization.level, organization.verified_on
        return cls(
            sector=content().sector(organization.sector).name,
            level=level_words(level) or _("not said yet"),
            level_why=str(LEVEL_WHY[Level(level)]) if level is not None else "",
            several=_several(queries.tags_of(organization)),
            looked=format_date(looked, "long") if looked is not None else _("never"),
            is_old=needs_a_look(looked or organization.created_at.date(), today),
        )


def _several(tags: dict[TagKind, list[str]]) -> list[tuple[str, str]]:
    words = content()
    known = {
        TagKind.DISCIPLINE: {each.key: each.name for each in words.person_disciplines()},
        TagKind.AREA: {each.key: each.name for each in words.areas},
    }
    return [
        (str(label), ", ".join(known.get(kind, {}).get(value, value) for value in tags[kind]))
        for kind, label in TAG_WORDS.items()
        if kind in tags
    ]
