"""Builds what the forms of people and of organizations have in common."""

from wtforms import Field, Form

from engage.content.loader import content


def discipline_groups(form: Form) -> list[tuple[str, list[Field]]]:
    """Returns the form's checkboxes in the groups that the content defines."""
    boxes = {option.data: option for option in form.disciplines}
    groups = content().person_discipline_groups()
    return [(group.name, [boxes[each.key] for each in group.disciplines]) for group in groups]
