"""Adds fields for the same texts in every other language to a form of a question set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Final, TypeVar

from engage.assessment.results.labels import language_name
from engage.assessment.sets.files import BESIDE
from engage.i18n import gettext as _
from engage.web.forms import VersionedForm

# Only fields of the first language keep these settings: a translation is never required, and the hint is
# shown once.
_FIRST_ONLY: Final = {"required", "description"}
Form = TypeVar("Form", bound="TranslationsForm")


class TranslationsForm(VersionedForm):
    """A form whose texts may be given in other languages; an empty text is shown in the first language."""

    # The names of fields that exist again for each other language, under a name such as *es_title*.
    spoken: ClassVar[tuple[str, ...]] = ()

    def name_languages(self) -> None:
        """Gives each field of another language the label of the first language's field, with the language."""
        for language in BESIDE:
            for name in self.spoken:
                self.translated(language, name).label.text = _(
                    "%(name)s (%(language)s)", name=self[name].label.text, language=language_name(language)
                )

    def translated(self, language: str, name: str) -> Any:
        """Returns the field of this name in another language."""
        return self[f"{language}_{name}"]

    def text_in(self, language: str, name: str) -> str:
        return " ".join((self.translated(language, name).data or "").split())

    def texts_in(self, language: str, names: Iterable[str]) -> tuple[str, ...]:
        """Returns these texts in order; empty if all of them are empty."""
        found = tuple(self.text_in(language, name) for name in names)
        return found if any(found) else ()

    def holds(self, language: str) -> bool:
        """Returns whether the form was sent with fields of this language; if not, the stored texts stay as they are."""
        return any(self.translated(language, name).raw_data for name in self.spoken)

    def is_refused(self, language: str) -> bool:
        """Returns whether a field of this language has an error."""
        return any(self.translated(language, name).errors for name in self.spoken)


def in_every_language(*names: str) -> Callable[[type[Form]], type[Form]]:
    """Adds the fields of these names to a form, once for each other language."""

    def add(form: type[Form]) -> type[Form]:
        form.spoken = names
        for language in BESIDE:
            for name in names:
                made: Any = getattr(form, name)
                settings = {key: value for key, value in made.kwargs.items() if key not in _FIRST_ONLY}
                field = made.field_class(*made.args, **settings, render_kw={"lang": language})
                setattr(form, f"{language}_{name}", field)
        return form

    return add
