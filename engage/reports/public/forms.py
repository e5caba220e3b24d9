"""Forms of what the public sees: a tick and public title for each goal and measure, a tick for each partner."""

from collections.abc import Iterable, Mapping

from wtforms import Field
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.reports.public.rules import Called, ChosenForPublic
from engage.web.forms import FreeLine, SeveralOf, VersionedForm

TITLE_LONGEST = 200
NAME_LONGEST = 120
UNIT_LONGEST = 40


class PublicPageForm(VersionedForm):
    """The form that `form_for` builds for a plan, with fields for its goals and measures."""

    goals = SeveralOf(_l("Goals to show"))
    measures = SeveralOf(_l("Measures to show"))
    partners = SeveralOf(_l("Partners to name"))

    def goal_title(self, key: int) -> Field:
        return self[f"goal-{key}"]

    def measure_title(self, key: int) -> Field:
        return self[f"measure-{key}"]

    def measure_unit(self, key: int) -> Field:
        return self[f"unit-{key}"]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        shown = [
            *(
                (self.goal_title(key), _("Give this goal a public title, or uncheck it."))
                for key in _ids(self.goals)
            ),
            *(
                (self.measure_title(key), _("Give this measure a public name, or uncheck it."))
                for key in _ids(self.measures)
            ),
        ]
        for field, message in shown:
            if not field.data and not field.errors:
                field.errors = [*field.errors, message]
                valid = False
        return valid

    def chosen(self) -> ChosenForPublic:
        goals, measures = set(_ids(self.goals)), set(_ids(self.measures))
        return ChosenForPublic(
            goals={
                key: Called(self.goal_title(key).data or "", key in goals) for key in _offered(self.goals)
            },
            measures={
                key: Called(
                    self.measure_title(key).data or "", key in measures, self.measure_unit(key).data or ""
                )
                for key in _offered(self.measures)
            },
            agreements=frozenset(_ids(self.partners)),
        )


def _ids(field: Field) -> list[int]:
    """Returns the chosen ids that the form offers; it refuses any others."""
    chosen = set(field.data or ())
    return [key for key in _offered(field) if str(key) in chosen]


def _offered(field: Field) -> list[int]:
    return [int(choice.value) for choice in field.choices]


def form_for(
    goals: Iterable[tuple[int, str]],
    measures: Iterable[tuple[int, str]],
    partners: Iterable[tuple[int, str]],
    **settings: object,
) -> PublicPageForm:
    """Returns the form for these goals and measures, each as (id, the coalition's own name for it)."""
    goals, measures, partners = list(goals), list(measures), list(partners)
    fields: dict[str, object] = {}
    for key, _title in goals:
        fields[f"goal-{key}"] = FreeLine(_l("Public title"), longest=TITLE_LONGEST)
    for key, _title in measures:
        fields[f"measure-{key}"] = FreeLine(_l("Public name"), longest=NAME_LONGEST)
        fields[f"unit-{key}"] = FreeLine(_l("Unit"), longest=UNIT_LONGEST)
    form: PublicPageForm = type("PublicForm", (PublicPageForm,), fields)(**settings)
    for field, rows in ((form.goals, goals), (form.measures, measures), (form.partners, partners)):
        field.choices = [SelectChoice(str(key), title) for key, title in rows]
    return form


def values_of(
    version: int, goals: Mapping[int, Called], measures: Mapping[int, Called], agreements: Iterable[int]
) -> dict[str, object]:
    """Returns the saved values in the form's shape."""
    return {
        "version": str(version),
        "goals": [str(key) for key, said in goals.items() if said.is_shown],
        "measures": [str(key) for key, said in measures.items() if said.is_shown],
        "partners": [str(key) for key in agreements],
        **{f"goal-{key}": said.title for key, said in goals.items()},
        **{f"measure-{key}": said.title for key, said in measures.items()},
        **{f"unit-{key}": said.unit for key, said in measures.items()},
    }
