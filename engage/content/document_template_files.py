"""Reads the templates of documents, and refuses a template with an unknown placeholder."""

import re

from engage.content.model import ABOUT_PARTS, BLANKS, DocumentPart, DocumentTemplate
from engage.content.nodes import Keys, Value
from engage.i18n import gettext as _

_NAMED = re.compile(r"\{([^}]*)\}")


def document_templates(document: Value) -> tuple[DocumentTemplate, ...]:
    keys = Keys("document template", {})

    def part(row: Value) -> DocumentPart:
        field = row.fields("heading", optional="about texts points")
        if not field.keys() & {"texts", "points"}:
            raise row.error(_("give this part texts or points, or both"))
        return DocumentPart(
            heading=_checked(field["heading"]),
            about=field["about"].one_of(ABOUT_PARTS, "part of About us") if "about" in field else "",
            texts=tuple(map(_checked, field["texts"].items())) if "texts" in field else (),
            points=tuple(map(_checked, field["points"].items())) if "points" in field else (),
        )

    def template(row: Value) -> DocumentTemplate:
        field = row.fields("key name lead parts", optional="is_signed")
        return DocumentTemplate(
            key=keys.claim(field["key"]),
            name=field["name"].text(),
            lead=field["lead"].text(),
            is_signed="is_signed" in field and field["is_signed"].flag(),
            parts=tuple(map(part, field["parts"].items())),
        )

    return tuple(map(template, document.items()))


def _checked(value: Value) -> str:
    """Returns a text. Raises ContentError if a placeholder in braces is unknown."""
    text = value.text()
    unknown = [name for name in _NAMED.findall(text) if name not in BLANKS]
    if unknown:
        known = ", ".join(sorted(BLANKS))
        raise value.error(
            _("unknown word in braces: %(name)s; known here: %(known)s", name=unknown[0][:40], known=known)
        )
    return text
