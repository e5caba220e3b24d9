"""Tests where the hint stands to leave people out: at notes and reasons, not at titles and places."""

import importlib
import sys
from collections.abc import Iterator

from wtforms.fields.core import UnboundField

from engage.config import ROOT
from engage.web.forms import EngageForm, FreeLine, FreeText

# Several lines, but the coalition's own wording, a question's, or a list.
OWN_WORDING = {
    "directory.groups.GroupForm.purpose",
    "directory.people.InviteForm.addresses",
    "coalitions.about.WordsForm.definitions",
    "coalitions.about.WordsForm.mission",
    "coalitions.about.WordsForm.vision",
    "coalitions.about.SetUpForm.structure_note",
    "coalitions.about.JoiningForm.joining",
    "coalitions.about.JoiningForm.expectations",
    "coalitions.about.JoiningForm.open_meetings",
    "coalitions.about.StatementForm.statement",
    "partners.organizations.OrganizationForm.serves",
    "partners.organizations.OrganizationForm.services",
    "partners.services.ServiceForm.eligibility",
    "reports.funder.PartTextForm.text",
    "assessment.sets.LoadForm.text",
    "assessment.sets.QuestionForm.statement",
    "assessment.sets.QuestionForm.why",
    *(f"assessment.sets.QuestionForm.level_{number}" for number in range(5)),
    "assessment.sets.QuestionForm.es_statement",
    "assessment.sets.QuestionForm.es_why",
    *(f"assessment.sets.QuestionForm.es_level_{number}" for number in range(5)),
}
# One line, but a note.
NOTES_IN_A_LINE = {"plan.inactive_actions.OnTrackForm.text"}


def forms(form: type[EngageForm] = EngageForm) -> Iterator[type[EngageForm]]:
    for each in form.__subclasses__():
        yield each
        yield from forms(each)


def fields(kind: type) -> dict[str, bool]:
    """Returns {"plan.goals.GoalForm.why": whether the hint stands there} of the fields of this kind."""
    for path in [*ROOT.glob("engage/**/forms.py"), *ROOT.glob("engage/**/forms/*.py")]:
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = {}
    for form in forms():
        if getattr(sys.modules[form.__module__], form.__name__, None) is not form:
            continue  # made for one request or one test: its fields carry the numbers of rows
        if not form.__module__.startswith("engage."):
            continue  # a test's own
        room = form.__module__.removeprefix("engage.").partition(".forms")[0]
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and issubclass(field.field_class, kind):
                made = field.bind(form=None, name=name, _meta=form.Meta())
                found[f"{room}.{form.__name__}.{name}"] = made.about_people
    return found


def test_every_note_says_to_leave_people_out_and_no_other_long_text_does() -> None:
    found = fields(FreeText)
    assert len(found) > 40
    assert {name for name, said in found.items() if not said} == OWN_WORDING


def test_no_title_or_place_says_so() -> None:
    found = fields(FreeLine)
    assert len(found) > 25
    assert {name for name, said in found.items() if said} == NOTES_IN_A_LINE
