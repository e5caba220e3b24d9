"""The sample coalition's reading list and notes, and an idea that became a need."""

from typing import TYPE_CHECKING

from engage.content.model import OWN_SECTION
from engage.toolkit import service
from engage.toolkit.models import AreasRead, Note, Reader, Section
from engage.toolkit.rules import NoteMark

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_toolkit(sample: "Sample") -> None:
    """Who read what, and what they noted on areas and sections."""
    for key in sample.source["areas_read"]:
        sample.add(AreasRead, reader_id=sample.people[key].id, read_at=sample.moment(-155))
    for note in sample.source["area_notes"]:
        sample.add(
            Note,
            author_id=sample.people[note["by"]].id,
            area=note["area"],
            mark=NoteMark.KEY_POINT,
            text=note["text"],
            is_shared=True,
            written_at=sample.moment(-150),
        )
    sections = _add_sections(sample)
    for note in sample.source["section_notes"]:
        row = sample.add(
            Note,
            author_id=sample.people[note["by"]].id,
            section_id=sections[note["section"]].id,
            mark=NoteMark(note["mark"]),
            text=note["text"],
            is_shared=not note.get("private", False),
            written_at=sample.moment(note.get("days", -100)),
        )
        if note.get("became") == "need":
            service.become_need(sample.people["maria"], row)


def _add_sections(sample: "Sample") -> dict[str, Section]:
    found = {}
    for number, values in enumerate(sample.source["reading"], start=1):
        own = "title" in values
        key = f"{OWN_SECTION}{number}" if own else values["key"]
        section = found[key] = sample.add(
            Section,
            key=key,
            title=values.get("title", ""),
            place=values.get("place", ""),
            due_on=sample.day(values["due"]),
            added_by_id=sample.people[values["by"]].id if own else None,
            created_at=sample.moment(-160),
        )
        for reader, read in values["readers"].items():
            sample.add(
                Reader,
                section_id=section.id,
                reader_id=sample.people[reader].id,
                read_on=sample.day(read),
            )
    return found
