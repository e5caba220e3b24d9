"""Reads the content of one language from its YAML files. Errors name the file and the line."""

from functools import cache
from pathlib import Path

from engage import languages
from engage.content.agenda_files import agendas
from engage.content.document_template_files import document_templates
from engage.content.guide_files import guides
from engage.content.help_line_files import help_lines
from engage.content.model import (
    OWN_SECTION,
    Area,
    Audience,
    Basis,
    Content,
    Discipline,
    DisciplineGroup,
    EarlierWording,
    Hints,
    Indicator,
    ItemStructure,
    Scale,
    ScaleAnswer,
    ScaleLevel,
    Sector,
    SectorGroup,
    Step,
    Tip,
    TipItem,
    ToolkitSection,
)
from engage.content.nodes import ContentError, Keys, Value, read, references
from engage.content.translation_check import difference
from engage.extensions import language
from engage.languages import ENGLISH

__all__ = ["ContentError", "content", "load"]


def content(wanted: str | None = None) -> Content:
    """Returns Engage's own content in the language of the request. Each process reads it only once."""
    return _content(language() if wanted is None else wanted)


@cache
def _content(wanted: str) -> Content:
    if not wanted.isidentifier():
        raise ValueError(f"{wanted!r} names no language of the content")
    found = load(languages.CONTENT / wanted)
    if wanted != ENGLISH and (problem := difference(_content(ENGLISH), found)):
        raise ContentError(f"engage/content/{wanted}", 1, f"{problem}.")
    return found


def example_plan() -> bytes:
    """Returns a city's published plan as CSV: objective, strategy, tactic, status.

    It has as many rows of each kind as the city's plan; the texts are written for Engage.
    """
    return (Path(__file__).parent / "examples" / "city-plan.csv").read_bytes()


def load(folder: Path) -> Content:
    """Reads all files of one language. Raises ContentError with the file's path below `folder`'s parent."""

    def file(name: str) -> Value:
        return read(folder / name, f"{folder.absolute().name}/{name}")

    sector_groups, first_sector_groups, sectors = _sectors(file("sectors.yaml"))
    discipline_groups = _disciplines(file("disciplines.yaml"))
    disciplines = {each.key for group in discipline_groups for each in group.disciplines}
    areas = _areas(file("areas.yaml"))
    indicators = _indicators(file("indicators.yaml"), {area.key for area in areas}, disciplines)
    tips = _tips(file("tips.yaml"))
    return Content(
        sector_groups=sector_groups,
        first_sector_groups=first_sector_groups,
        sectors=sectors,
        discipline_groups=discipline_groups,
        areas=areas,
        indicators=tuple(each for each in indicators if not each.extra),
        extras=tuple(each for each in indicators if each.extra),
        scale=_scale(file("scale.yaml")),
        tips=tips,
        steps=_steps(file("steps.yaml")),
        sections=_sections(file("sections.yaml")),
        agendas=agendas(file("agendas.yaml"), {tip.key for tip in tips}),
        guides=guides(file("guides.yaml")),
        help_lines=help_lines(file("help_lines.yaml")),
        document_templates=document_templates(file("document_templates.yaml")),
    )


def _sectors(
    document: Value,
) -> tuple[tuple[SectorGroup, ...], tuple[SectorGroup, ...], tuple[Sector, ...]]:
    top = document.fields("groups sectors", optional="first_groups")
    groups, first = Keys("sector group", {}), Keys("sector group", {})
    sectors = Keys("sector", {})

    def group(row: Value, keys: Keys) -> SectorGroup:
        field = row.fields("key name")
        return SectorGroup(key=keys.claim(field["key"]), name=field["name"].text())

    def sector(row: Value) -> Sector:
        field = row.fields("key name group expected help", optional="first_group")
        earlier = field.get("first_group", field["group"])
        return Sector(
            key=sectors.claim(field["key"]),
            name=field["name"].text(),
            group=field["group"].one_of(groups.lines, "sector group"),
            expected=field["expected"].flag(),
            help=field["help"].text(),
            first_group=earlier.one_of(first.lines, "sector group"),
        )

    now = tuple(group(row, groups) for row in top["groups"].items())
    then = tuple(group(row, first) for row in top.get("first_groups", top["groups"]).items())
    return now, then, tuple(map(sector, top["sectors"].items()))


def _disciplines(document: Value) -> tuple[DisciplineGroup, ...]:
    groups = Keys("discipline group", {})
    disciplines = Keys("discipline", {})

    def discipline(row: Value, group: str) -> Discipline:
        field = row.fields("key name", optional="routing_only of_organizations")
        routing_only = "routing_only" in field and field["routing_only"].flag()
        return Discipline(
            key=disciplines.claim(field["key"]),
            name=field["name"].text(),
            group=group,
            routing_only=routing_only,
            of_organizations=field["of_organizations"].flag()
            if "of_organizations" in field
            else not routing_only,
        )

    def group(row: Value) -> DisciplineGroup:
        field = row.fields("key name disciplines")
        key = groups.claim(field["key"])
        return DisciplineGroup(
            key=key,
            name=field["name"].text(),
            disciplines=tuple(discipline(each, key) for each in field["disciplines"].items()),
        )

    return tuple(map(group, document.fields("groups")["groups"].items()))


def _areas(document: Value) -> tuple[Area, ...]:
    keys = Keys("focus area", {})

    def area(row: Value) -> Area:
        field = row.fields("key name short freedom_strategy question explanation look_for ask_yourselves")
        return Area(
            key=keys.claim(field["key"]),
            name=field["name"].text(),
            short=field["short"].text(),
            freedom_strategy=field["freedom_strategy"].text_or_none(),
            question=field["question"].text(),
            explanation=field["explanation"].texts(),
            look_for=field["look_for"].texts(),
            ask_yourselves=field["ask_yourselves"].texts(),
        )

    return tuple(map(area, document.items()))


def _indicators(document: Value, areas: set[str], disciplines: set[str]) -> tuple[Indicator, ...]:
    keys = Keys("indicator", {})

    def indicator(row: Value) -> Indicator:
        field = row.fields(
            "key meaning area title statement why ask levels", optional="insiders short extra earlier"
        )
        levels = _levels(field["levels"])
        return Indicator(
            key=keys.claim(field["key"]),
            # The earlier wording has the number before this one.
            meaning=field["meaning"].number(at_least=2 if "earlier" in field else 1),
            area=field["area"].one_of(areas, "focus area"),
            title=field["title"].text(),
            statement=field["statement"].text(),
            why=field["why"].text(),
            ask=references(field["ask"], disciplines, "discipline"),
            levels=levels,
            insiders="insiders" in field and field["insiders"].flag(),
            extra="extra" in field and field["extra"].flag(),
            short="short" in field and field["short"].flag(),
            earlier=_earlier(field["earlier"], levels) if "earlier" in field else None,
        )

    return tuple(map(indicator, document.items()))


def _levels(value: Value) -> tuple[str, ...]:
    return tuple(level.text() for level in value.five("levels"))


def _earlier(value: Value, levels: tuple[str, ...]) -> EarlierWording:
    field = value.fields("statement", optional="levels")
    return EarlierWording(
        statement=field["statement"].text(),
        levels=_levels(field["levels"]) if "levels" in field else levels,
    )


def _scale(document: Value) -> Scale:
    field = document.fields("levels dont_know does_not_apply")

    def answer(value: Value) -> ScaleAnswer:
        part = value.fields("label meaning")
        return ScaleAnswer(label=part["label"].text(), meaning=part["meaning"].text())

    levels = [answer(level) for level in field["levels"].five("levels")]
    return Scale(
        levels=tuple(ScaleLevel(rating, each.label, each.meaning) for rating, each in enumerate(levels)),
        dont_know=answer(field["dont_know"]),
        does_not_apply=answer(field["does_not_apply"]),
    )


def _tips(document: Value) -> tuple[Tip, ...]:
    tips = Keys("tip", {})
    items = Keys("item", {})

    def item(row: Value, tip: str) -> TipItem:
        field = row.fields("key for text", optional="help structure")
        return TipItem(
            key=items.claim(field["key"]),
            tip=tip,
            audience=Audience(field["for"].one_of(Audience, "audience")),
            text=field["text"].text(),
            help=field["help"].text() if "help" in field else None,
            structure=ItemStructure(field["structure"].one_of(ItemStructure, "structure"))
            if "structure" in field
            else None,
        )

    def tip(row: Value) -> Tip:
        field = row.fields("key name basis why items")
        key = tips.claim(field["key"])
        return Tip(
            key=key,
            name=field["name"].text(),
            basis=Basis(field["basis"].one_of(Basis, "basis")),
            why=field["why"].text(),
            items=tuple(item(each, key) for each in field["items"].items()),
        )

    return tuple(map(tip, document.items()))


def _steps(document: Value) -> tuple[Step, ...]:
    keys = Keys("step", {})

    def step(row: Value) -> Step:
        field = row.fields("key name toolkit_pages do why who time hints")
        hints = field["hints"].fields("new existing", optional="task_force")
        return Step(
            key=keys.claim(field["key"]),
            name=field["name"].text(),
            toolkit_pages=field["toolkit_pages"].text_or_none(),
            do=field["do"].texts(),
            why=field["why"].text(),
            who=field["who"].text(),
            time=field["time"].text(),
            hints=Hints(
                new=hints["new"].text(),
                existing=hints["existing"].text(),
                task_force=hints["task_force"].text() if "task_force" in hints else None,
            ),
        )

    return tuple(map(step, document.items()))


def _sections(document: Value) -> tuple[ToolkitSection, ...]:
    keys = Keys("section", {})

    def section(row: Value) -> ToolkitSection:
        field = row.fields("key name pages")
        if field["key"].text().startswith(OWN_SECTION):
            raise field["key"].error(
                f"a coalition's own sections begin with {OWN_SECTION}; choose another key"
            )
        return ToolkitSection(
            key=keys.claim(field["key"]), name=field["name"].text(), pages=field["pages"].text()
        )

    return tuple(map(section, document.items()))
