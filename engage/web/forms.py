"""Defines the base of forms: limits of length and characters, free text with its warning, selects of rows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from babel.support import NullTranslations, Translations
from flask import abort, g, request
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import (
    DateField,
    EmailField,
    Field,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import messages_path
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from engage import clock, personal_details
from engage.addresses import web_address_in
from engage.columns import Asked, optional_texts
from engage.extensions import language
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.limits import MOST_TYPED
from engage.numbers import NumberRefused, number_of, text_of, whole_number
from engage.personal_details import DetailKind
from engage.web.labels import NUMBER_LABELS, listed
from engage.web.opened import VersionField

# No one types these characters on purpose: they hide in pasted text or reverse its direction. Line breaks and
# tabs are allowed.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
LINE_LONGEST = 300
TEXT_LONGEST = 5000
NOBODY = 0

KIND_LABELS = {
    DetailKind.PHONE: _l("a phone number"),
    DetailKind.DATE: _l("a date that may be a birth date"),
    DetailKind.CASE_NUMBER: _l("a case number"),
    DetailKind.IDENTITY_NUMBER: _l("an identity number"),
    DetailKind.STORY: _l("a story about a real person"),
    DetailKind.PLACE: _l("a street address"),
}


def stripped(value: str | None) -> str | None:
    """Strips spaces and unifies line breaks; a text that was not sent becomes empty, never None."""
    if value is None:
        return ""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else value


@cache
def _texts_of_wtforms(language: str) -> NullTranslations:
    """Reads WTForms' translations from their file once; Flask-WTF reads it for each request with a form."""
    return Translations.load(messages_path(), [language], domain="wtforms")


class EngageForm(FlaskForm):
    """The base of forms: warns of personal details, and does not save what came through the sign-in form."""

    # `with_optional_texts` makes fields from columns and lists their names here.
    optional_names: tuple[str, ...] = ()

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Form) -> NullTranslations:
            return _texts_of_wtforms(language())

        def wrap_formdata(self, form: Form, formdata: object) -> Any:
            """Returns the posted fields: a JSON body is ignored, and a file counts only in a file field."""
            if request.is_json:
                return None
            typed = super().wrap_formdata(form, formdata)
            if not isinstance(typed, CombinedMultiDict):
                return typed
            files = request.files.items(multi=True)
            wanted = MultiDict(
                pair for pair in files if pair[0] in form and isinstance(form[pair[0]], FileField)
            )
            return CombinedMultiDict((wanted, request.form))

    def __init__(self, *words: object, **settings: object) -> None:
        super().__init__(*words, **settings)
        if any(_is_never_typed(field) for field in self):
            raise RequestEntityTooLarge

    def validate_on_submit(self, extra_validators: object = None) -> bool:
        # The posted text waited while the person signed in again, so it is shown and not saved without
        # another press.
        if g.get("replaying", False):
            return False
        return bool(super().validate_on_submit(extra_validators))

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, FreeText | FreeLine):
                valid = field.check_details() and valid
            # A field that was not sent keeps the row's value, which is not text in the case of a version.
            if isinstance(field, StringField) and isinstance(field.data, str) and CONTROLS.search(field.data):
                field.errors = [
                    *field.errors,
                    _("This contains characters that cannot be seen. Remove them, or type the text again."),
                ]
                valid = False
        return valid

    @property
    def optional_fields(self) -> list[Field]:
        return [self[name] for name in self.optional_names]

    @property
    def optional_texts(self) -> dict[str, str]:
        """Returns the texts by the names of their columns."""
        return {name: self[name].data or "" for name in self.optional_names}

    def refuse(self, name: str, message: str) -> None:
        """Shows a service's error at its field."""
        field = self[name]
        field.errors = [*field.errors, message]


def _is_never_typed(field: Field) -> bool:
    """Returns whether a text is so long that a program must have sent it; a pasted list may be longer."""
    is_short = isinstance(field, StringField) and not isinstance(field, TextAreaField | HiddenField)
    return (is_short or isinstance(field, FreeText)) and len(str(field.data or "")) > MOST_TYPED


_FORM = TypeVar("_FORM", bound=EngageForm)


def with_optional_texts(model: Any) -> Callable[[type[_FORM]], type[_FORM]]:
    """Gives a form a field for each `optional_text` of the model's table, after the form's own fields."""

    def add(form: type[_FORM]) -> type[_FORM]:
        for name, label, longest, asked in optional_texts(model.__table__):
            setattr(form, name, _FIELDS[asked](label, longest=longest))
            form.optional_names = (*form.optional_names, name)
        return form

    return add


def in_page_order(form: Iterable[Field], page: str) -> list[Field]:
    """Returns the fields in the order of this page; fields that are not on it come first."""
    found = {field: re.search(rf'id="{re.escape(field.id)}["-]', page) for field in form}
    return sorted(found, key=lambda field: at.start() if (at := found[field]) else -1)


def control_of(field: Field) -> str:
    """Returns which control a field's widget draws: an input's type, textarea, select, or a group of inputs."""
    widget = field.widget
    if hasattr(widget, "input_type"):
        return str(widget.input_type)
    if hasattr(widget, "html_tag"):
        return f"{field.option_widget.input_type}-group"
    return "select" if hasattr(widget, "multiple") else "textarea"


def is_unaccepted(field: Field) -> bool:
    """Returns whether the text may hold personal details, and its writer has not said that it holds none."""
    return bool(getattr(field, "findings", ())) and not getattr(field, "accepted", False)


def described_by(field: Field, hint: str | None = None) -> str:
    """Returns the ids of what the page says below a field: its hint, its errors, and what was found in it."""
    about_people = getattr(field, "about_people", False)
    parts = {
        "hint": hint or field.description or about_people,
        "error": field.errors,
        "finding": is_unaccepted(field),
    }
    return " ".join(f"{field.id}-{part}" for part, is_said in parts.items() if is_said)


class VersionedForm(EngageForm):
    """A form for something that two people can edit at once; it sends the version that it was opened with."""

    version = VersionField()

    @property
    def opened_version(self) -> int:
        """Returns the version with which the form was opened, or 0 (never a row's) if it is not a number.

        A request without one is incomplete (400), because using the row's own version would overwrite what
        someone else saved.
        """
        if self.version.raw_data == []:
            abort(400)
        return whole_number(str(self.version.data or "")) or 0


class ConfirmForm(EngageForm):
    """A form with only a button."""


def details_in(text: str) -> tuple[personal_details.Finding, ...]:
    """Returns what looks like personal details in a text of this coalition, except its own help line."""
    coalition = g.get("coalition")
    allowed = (coalition.help_number,) if coalition is not None and coalition.help_number else ()
    zone = coalition.time_zone if coalition is not None else "UTC"
    return personal_details.findings(text, clock.today(zone), allowed)


def kinds_in(findings: Iterable[personal_details.Finding]) -> str:
    """Names each kind of finding once: "a phone number and a case number"."""
    kinds = dict.fromkeys(str(KIND_LABELS[finding.kind]) for finding in findings)
    return listed(kinds)


class _Free:
    """A text that is checked for personal details, which must not be stored here.

    The hint to leave people out is shown only where a text could be about people.
    """

    about_people: bool
    name: str
    data: str | None
    errors: object

    @property
    def findings(self) -> tuple[personal_details.Finding, ...]:
        if request.method != "POST" or not self.data or self.errors:
            return ()
        return self.look_through(self.data)

    def look_through(self, text: str) -> tuple[personal_details.Finding, ...]:
        return details_in(text)

    @property
    def findings_words(self) -> str:
        return _(
            "This looks like it contains %(kinds)s. Engage keeps no personal or case details. Remove that part, or "
            "check the box if it is something else.",
            kinds=kinds_in(self.findings),
        )

    @property
    def accept_name(self) -> str:
        return f"{self.name}-accepted"

    @property
    def accept_value(self) -> str:
        return personal_details.fingerprint(self.data or "")

    @property
    def accepted(self) -> bool:
        return self.accept_value in request.form.getlist(self.accept_name)

    def check_details(self) -> bool:
        """Returns whether the text may be saved: nothing was found, or the writer accepted this very text."""
        return not self.findings or self.accepted


class FreeText(_Free, TextAreaField):
    """Several lines of free text, such as notes or reasons, with the hint and the warning."""

    def __init__(
        self,
        label: str,
        *,
        longest: int = TEXT_LONGEST,
        required: str | None = None,
        about_people: bool = True,
        **settings: object,
    ) -> None:
        super().__init__(label, validators=_text_rules(longest, required), filters=[stripped], **settings)
        self.about_people = about_people


class FreeLine(_Free, StringField):
    """One line that says what or where something is, such as a title or a place, with the warning."""

    def __init__(
        self,
        label: str,
        *,
        longest: int = LINE_LONGEST,
        required: str | None = None,
        about_people: bool = False,
        **settings: object,
    ) -> None:
        super().__init__(
            label, validators=_text_rules(longest, required), filters=[stripped, _one_line], **settings
        )
        self.about_people = about_people


class NameLine(FreeLine):
    """One line for a name or a label, with the warning, because people also type stories into names."""

    def __init__(self, label: str, *, longest: int = 120, **settings: Any) -> None:
        super().__init__(label, longest=longest, **settings)


class PhoneLine(NameLine):
    """One line for a phone number, which is allowed here; other personal details cause the warning."""

    def __init__(self, label: str, *, longest: int = 40, **settings: object) -> None:
        super().__init__(label, longest=longest, **settings)

    def look_through(self, text: str) -> tuple[personal_details.Finding, ...]:
        return tuple(each for each in super().look_through(text) if each.kind is not DetailKind.PHONE)


class WebAddress(NameLine):
    """One line for a web address; https:// is added if it is missing."""

    def __init__(self, label: str, *, longest: int = LINE_LONGEST, **settings: object) -> None:
        super().__init__(label, longest=longest, **settings)
        self.longest = longest

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        address = self.meant(self.data)
        if address is None:
            raise ValidationError(_("Enter a web address like example.org or https://example.org/help."))
        if len(address) > self.longest:
            raise ValidationError(_too_long(self.longest))
        self.data = address

    def meant(self, text: str) -> str | None:
        """Returns the web address that the person means; None if the text is not one."""
        return web_address_in(text)


_FIELDS: dict[Asked, Callable[..., Field]] = {
    Asked.LINE: FreeLine,
    Asked.TEXT: FreeText,
    Asked.PHONE: PhoneLine,
    Asked.WEB_ADDRESS: WebAddress,
}


class Address(EmailField):
    """An e-mail address, whose form is checked and which is stored folded."""

    def __init__(self, label: str, *, required: str | None = None, **settings: object) -> None:
        rules = [
            *_text_rules(254, required),
            Email(_l("Enter an e-mail address like name@example.org."), check_deliverability=False),
            _no_encoded_word,
        ]
        super().__init__(label, validators=rules, filters=[stripped], **settings)


def _no_encoded_word(_form: object, field: Field) -> None:
    """Refuses text that a mail header would decode (RFC 2047), perhaps to a line break; it is no address."""
    if "=?" in (field.data or ""):
        raise StopValidation(_("Enter an e-mail address like name@example.org."))


class Day(DateField):
    """A date without a time; years that no plan could mean are refused."""

    def __init__(self, label: str, *, required: str | None = None, **settings: object) -> None:
        # DataRequired would show the message for a missing date even if the date was mistyped.
        first = [InputRequired(required)] if required else [Optional()]
        super().__init__(label, validators=[*first, _plausible], **settings)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter the date as year-month-day, such as 2026-03-15.")) from None


class Number(IntegerField):
    """A whole number within bounds."""

    def __init__(self, label: str, *, least: int, most: int, **settings: object) -> None:
        message = _l("Enter a whole number from %(least)s to %(most)s.", least=least, most=most)
        super().__init__(
            label, validators=[_number_given(message), NumberRange(least, most, message)], **settings
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        # A number with hundreds of digits would exceed Python's limit and cause an internal error.
        if valuelist and len(valuelist[0]) > 12:
            raise ValueError(_("That number is too large."))
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a whole number.")) from None


class Amount(StringField):
    """A number as people write it (1,234.5 or 45%), stored as it was typed; `number` is its value."""

    def __init__(self, label: str, *, required: str | None = None, **settings: object) -> None:
        settings = {"render_kw": {"inputmode": "decimal", "autocomplete": "off"}, **settings}
        super().__init__(
            label,
            validators=[*_text_rules(60, required), _a_number],
            filters=[_number_text, stripped],
            **settings,
        )

    @property
    def number(self) -> float | None:
        """Returns the value; None if nothing was entered."""
        return number_of(self.data) if self.data else None


def _number_text(value: object) -> object:
    """Returns a row's value as the form shows it."""
    return text_of(value) if isinstance(value, int | float) else value


def _a_number(_form: object, field: Field) -> None:
    try:
        number_of(field.data)
    except NumberRefused as refused:
        raise StopValidation(str(NUMBER_LABELS[refused.problem])) from None


class _Options(widgets.Select):
    """Renders a select's options as WTForms does, but three times as fast, for lists of a hundred people."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **kwargs: object) -> Markup:
        if kwargs or choice.render_kw:
            return super().render_option(choice, **kwargs)
        mark = " selected" if choice.selected else ""
        value, label = escape(str(choice.value)), escape(choice.label or choice.value)
        return Markup(f'<option{mark} value="{value}">{label}</option>')  # noqa: S704 - escaped above


class RowSelect(SelectField):
    """A select of a row of this coalition by its id, or of none (0).

    Its choices come from a query within the coalition, so that another coalition's id is an unknown choice.
    """

    widget = _Options()
    none_is = NOBODY

    def __init__(self, label: str, *, nothing: str | None = None, **settings: object) -> None:
        self.nothing = nothing
        super().__init__(label, coerce=_row_id, choices=[], default=NOBODY, **settings)

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Sets the rows to choose from, as (id, name)."""
        first = [SelectChoice(NOBODY, self.nothing)] if self.nothing is not None else []
        self.choices = [*first, *(SelectChoice(key, name) for key, name in rows)]

    @property
    def row_id(self) -> int | None:
        """Returns the chosen row's id, or None for no one."""
        return self.data or None


class OneOf(RadioField):
    """A choice of one among a few: radio buttons, each with an optional sentence."""

    def __init__(
        self,
        label: str,
        words: Mapping[str, str] | Sequence[tuple[str, str]],
        *,
        required: str | None = None,
        descriptions: Mapping[Any, str] | None = None,
        **settings: object,
    ) -> None:
        self.descriptions = dict(descriptions or {})
        pairs = words.items() if isinstance(words, Mapping) else words
        rules = [DataRequired(required)] if required else [Optional()]
        choices = [SelectChoice(str(key), name) for key, name in pairs]
        super().__init__(label, choices=choices, validators=rules, **settings)

    def process_formdata(self, valuelist: list[str]) -> None:
        # `Optional` treats spaces as empty, so they are removed here.
        super().process_formdata([value.strip() for value in valuelist])


class SeveralOf(SelectMultipleField):
    """A choice of any number of a few: check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: str, words: Iterable[tuple[str, str]] = (), **settings: object) -> None:
        super().__init__(label, choices=[SelectChoice(key, name) for key, name in words], **settings)


def chosen(kind: type[StrEnum], value: str | None) -> Any:
    """Returns the enum member in a field; None for "decide later" or if nothing was chosen."""
    return kind(value) if value else None


def _row_id(value: object) -> int:
    if value is None or value == "":
        return NOBODY
    text = str(value)
    if len(text) > 12:
        raise ValueError(_("That is not one of the choices."))
    return int(text)


def _one_line(value: str | None) -> str | None:
    return " ".join(value.split()) if isinstance(value, str) else value


def _text_rules(longest: int, required: str | None) -> list[object]:
    return [DataRequired(required) if required else Optional(), _at_most(longest)]


def _too_long(longest: int) -> str:
    return _("This is too long: at most %(most)s characters. Nothing was cut; shorten it.", most=longest)


def _at_most(longest: int) -> Callable[[object, Field], None]:
    def check(_form: object, field: Field) -> None:
        if len(field.data or "") > longest:
            raise StopValidation(_too_long(longest))

    return check


def _number_given(message: object) -> Callable[[object, Field], None]:
    def check(_form: object, field: Field) -> None:
        if field.data is None:
            # A value that is no number already has an error, and one message is enough.
            raise StopValidation("" if field.errors else str(message))

    return check


def _plausible(_form: object, field: Field) -> None:
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise StopValidation(_("Enter a year between 2000 and 2100."))
