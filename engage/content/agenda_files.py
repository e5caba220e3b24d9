"""Reads the agenda templates, and refuses a template whose lines do not fit the length of the meeting."""

from engage.content.model import (
    AgendaLine,
    AgendaPage,
    AgendaPart,
    AgendaTemplate,
    Audience,
    Preparation,
)
from engage.content.nodes import Keys, Value, references
from engage.i18n import gettext as _

_PARTS = "whole first second"
_STAGES = (Audience.NEW, Audience.EXISTING)
# The database allows this length for a line.
_LONGEST = 300
# All durations are multiples of five minutes: those of lines, and those of meetings.
_FIVE = 5


def agendas(document: Value, tips: set[str]) -> tuple[AgendaTemplate, ...]:
    """Reads the templates; `tips` are the keys that an agenda may name."""
    keys, preparations, lines = Keys("agenda", {}), Keys("preparation", {}), Keys("line", {})

    def preparation(row: Value) -> Preparation:
        field = row.fields("key text")
        return Preparation(preparations.claim(field["key"]), field["text"].text())

    def agenda(row: Value) -> AgendaTemplate:
        field = row.fields("key name lengths lines", optional="before tips")
        reviewed = field["tips"].fields("new existing") if "tips" in field else {}
        lengths = _minutes(field["lengths"])
        made = [_line(each, lines, dict(lengths)) for each in field["lines"].items()]
        followed = [each.key for each, leads in made if leads]
        if len(followed) != 1:
            raise field["lines"].error(_("give exactly one line of an agenda records_follow: true"))
        template = AgendaTemplate(
            key=keys.claim(field["key"]),
            name=field["name"].text(),
            lengths=lengths,
            lines=tuple(each for each, _leads in made),
            records_follow=followed[0],
            before=tuple(map(preparation, field["before"].items())) if "before" in field else (),
            new_tips=references(reviewed["new"], tips, "tip") if reviewed else (),
            existing_tips=references(reviewed["existing"], tips, "tip") if reviewed else (),
        )
        _check_lengths(template, field["lengths"])
        return template

    return tuple(map(agenda, document.items()))


def _line(row: Value, keys: Keys, lengths: dict[AgendaPart, int]) -> tuple[AgendaLine, bool]:
    """Returns the line, and whether items proposed from the records come after this line."""
    field = row.fields("key for title minutes", optional="output page break records_follow")
    minutes = _minutes(field["minutes"])
    for part, _each in minutes:
        if part not in lengths:
            problem = _("this agenda has no length for %(part)s; add one or leave it out", part=part.value)
            raise field["minutes"].error(problem)
    line = AgendaLine(
        key=keys.claim(field["key"]),
        audience=Audience(field["for"].one_of(Audience, "audience")),
        title=field["title"].text(_LONGEST),
        output=field["output"].text(_LONGEST) if "output" in field else "",
        page=AgendaPage(field["page"].one_of(AgendaPage, "page")) if "page" in field else None,
        is_break="break" in field and field["break"].flag(),
        minutes=minutes,
    )
    return line, "records_follow" in field and field["records_follow"].flag()


def _minutes(value: Value) -> tuple[tuple[AgendaPart, int], ...]:
    found = []
    for name, minutes in value.fields("", optional=_PARTS).items():
        number = minutes.number(at_least=_FIVE)
        if number % _FIVE:
            raise minutes.error(_("agendas are laid out in steps of five minutes; round it"))
        found.append((AgendaPart(name), number))
    return tuple(found)


def _check_lengths(template: AgendaTemplate, lengths: Value) -> None:
    for part, length in template.lengths:
        for stage in _STAGES:
            total = sum(each.minutes_in(part) or 0 for each in template.lines_for(stage, part))
            if total > length:
                raise lengths.error(
                    _(
                        "the lines for %(part)s and a coalition that is %(stage)s take %(total)s minutes, "
                        "more than %(length)s; shorten some",
                        part=part.value,
                        stage=stage.value,
                        total=total,
                        length=length,
                    )
                )
