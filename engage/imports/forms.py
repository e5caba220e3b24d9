"""Forms of an import: the file, the meaning of its columns, and the confirmation. They run no queries."""

import re
from collections.abc import Mapping
from functools import cached_property

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, SelectField, widgets
from wtforms.fields.choices import SelectChoice

from engage.database import folded
from engage.dates import long_day
from engage.errors import Kept
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports import hidden_file
from engage.imports.columns import ImportColumn
from engage.imports.days import DayOrder, day_of
from engage.imports.guess import Guess, guessed, suggested, word_name
from engage.imports.labels import trouble_words
from engage.imports.lines import ImportLine, UnknownValue
from engage.imports.preview import DECIDED_ROWS, AsNew, OfThoseHere, Preview, PreviewRow
from engage.imports.reading import HEADS_WITHIN, Record, Trouble, Unreadable
from engage.imports.target import (
    DAY_ORDER,
    LEFT_OUT,
    Meant,
    Target,
)
from engage.limits import MOST_FILE_BYTES
from engage.numbers import whole_number
from engage.web.forms import EngageForm, OneOf

DAY_ORDER_NAME = "day_order"


class _Box(Field):
    """A pasted table. It is not trimmed; invisible characters are removed cell by cell."""

    widget = widgets.TextArea()

    def _value(self) -> str:
        return str(self.data or "")


class UploadForm(EngageForm):
    """The form of a chosen file, or its rows."""

    file = FileField(
        _l("File"),
        description=_l(
            "A CSV file or a workbook (.xlsx) of at most 2 MB and 5,000 rows. In a workbook, only "
            "the first sheet with a table is read."
        ),
    )
    table = _Box(
        _l("Or paste the rows here"),
        description=_l(
            "Copied from a spreadsheet, with the row that names the columns. "
            "Nothing about victims, suspects or cases, please."
        ),
    )

    def __init__(self, target: Target, **settings: object) -> None:
        super().__init__(**settings)
        self.target = target
        self.read: Guess | None = None

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        raw = self._posted()
        try:
            hidden_file.packed(raw)
            self.read = guessed(self.target, raw, is_new=True)
        except Unreadable as error:
            nothing = error.trouble is Trouble.EMPTY and self.file.data is None
            words = self.missing() if nothing else trouble_words(error)
            self.refuse("table" if self._pasted and self.file.data is None else "file", words)
            return False
        return valid

    @property
    def more(self) -> list[Field]:
        """Returns the fields that a feature's own form adds."""
        return []

    @staticmethod
    def missing() -> str:
        return _("Choose a file, or paste its rows below.")

    @property
    def _pasted(self) -> str:
        return str(self.table.data or "") if self.table is not None else ""

    def _posted(self) -> bytes:
        if self.file.data is not None:
            return bytes(self.file.data.stream.read(MOST_FILE_BYTES + 1))
        return self._pasted.encode("utf-8", "replace")


class ColumnsForm(EngageForm):
    """The form for how a file is read and what its columns mean.

    `form_for` and `posted_form` add a field for each column and each unknown word.
    """

    carried = HiddenField()
    heading = SelectField(_l("The row that names the columns"), coerce=str)
    policy = OneOf(
        "",
        {
            OfThoseHere.REPLACE: _l("Use what the file says"),
            OfThoseHere.FILL: _l("Only fill in what is empty"),
            OfThoseHere.LEAVE: _l("Leave them as they are"),
        },
        required=_l("Choose what happens to the ones already here."),
        default=OfThoseHere.REPLACE,
        descriptions={
            OfThoseHere.REPLACE: _l("An empty cell changes nothing. You see each change before it is made.")
        },
    )

    read: Guess

    def column_field(self, column: ImportColumn) -> Field | None:
        """Returns the field for the meaning of a column; None if the column is not read."""
        found: Field | None = self._fields.get(column_name(column.index))
        return found

    @property
    def unread(self) -> list[ImportColumn]:
        """Returns the columns of which only the names came along, because the target may not read them."""
        return [each for each in self.read.columns if _is_sifted_out(self.read, each)]

    @classmethod
    def questions_on(cls, read: Guess) -> dict[str, object]:
        """Returns the fields that a feature's own form adds for this file, by name."""
        return {}

    @property
    def more(self) -> list[Field]:
        """Returns the fields that a feature's own form adds, in the order of the page."""
        return []

    @property
    def rare(self) -> list[Field]:
        """Returns more such fields, which few people need."""
        return []

    def word_field(self, unknown: UnknownValue) -> Field:
        return self[word_name(unknown)]

    @property
    def asked(self) -> list[UnknownValue]:
        """Returns the unknown words that the page asks about."""
        return [each for each in self.read.unknown if word_name(each) in self]

    @property
    def meant(self) -> Meant:
        found: dict[str, dict[str, str]] = {}
        for each in self.asked:
            if self.word_field(each).data:
                found.setdefault(each.field.asked_as, {})[folded(each.word)] = self.word_field(each).data
        if DAY_ORDER_NAME in self and self[DAY_ORDER_NAME].data:
            found[DAY_ORDER] = {"": self[DAY_ORDER_NAME].data}
        return found

    @property
    def lines(self) -> list[ImportLine]:
        return self.read.lines(self.meant)

    @property
    def of_those_here(self) -> OfThoseHere:
        assert self.policy is not None
        return OfThoseHere(self.policy.data)

    @property
    def kept(self) -> list[Kept]:
        """Returns all choices of this form, which the next page sends along in hidden fields."""
        self.carried.data = self.read.packed_chosen
        return [
            Kept(each.name, str(value))
            for each in self
            if each.name != "csrf_token"
            for value in (each.data if isinstance(each.data, list) else [each.data or ""])
        ]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        return all([self._columns_are_right(), self._words_are_known(), valid])

    def _columns_are_right(self) -> bool:
        target, places, valid = self.read.target, self.read.places, True
        for field in target.fields:
            columns = places.get(field.key, [])
            if field.required and not columns:
                self.refuse_first_column(_("Say which column is: %(field)s.", field=field.label))
                valid = False
            if len(columns) > 1 and field.joins is None:
                words = _("Two columns are chosen for: %(field)s. Leave one out.", field=field.label)
                self.refuse(column_name(columns[1]), words)
                valid = False
        return valid

    def refuse_first_column(self, words: str) -> None:
        """Refuses the form with a message at the first column that can be chosen."""
        self.refuse(
            next(name for each in self.read.columns if (name := column_name(each.index)) in self), words
        )

    def _words_are_known(self) -> bool:
        valid = True
        for each in self.asked:
            if each.word and not self.word_field(each).data and not self.word_field(each).errors:
                self.refuse(word_name(each), _("Say what “%(word)s” means here.", word=each.word[:80]))
                valid = False
        for field in self.read.crowded:
            column = column_name(self.read.places[field.key][0])
            words = _(
                "The file has many words Engage does not know for: %(field)s. Choose another column, "
                "or leave this one out.",
                field=field.label,
            )
            self.refuse(column, words)
            valid = False
        return valid


def form_for(read: Guess, kind: type[ColumnsForm] = ColumnsForm, *, formdata: bool = False) -> ColumnsForm:
    """Returns the form for a file, with likely choices; if `formdata`, with the choices in the request."""
    fields: dict[str, object] = {
        column_name(column.index): SelectField(
            _("Column %(letter)s", letter=column.letter),
            choices=_field_choices(read.target),
            default=read.chosen.get(column.index, ""),
        )
        for column in read.columns
        if not column.holds_addresses and not _is_sifted_out(read, column)
    }
    for unknown in read.unknown:
        fields[word_name(unknown)] = SelectField(
            unknown.word or _("(nothing)"), choices=_word_choices(unknown), default=suggested(unknown)
        )
    fields |= kind.questions_on(read)
    if read.doubtful_days:
        fields[DAY_ORDER_NAME] = _day_order_field(read)
    settings: dict[str, object] = {} if formdata else {"formdata": None}
    form: ColumnsForm = type("ColumnsForm", (kind,), {**fields, "read": read})(**settings)
    form.heading.choices = [
        *(
            SelectChoice(str(each.number), _row_words(read, each))
            for each in read.sheet.records[:HEADS_WITHIN]
        ),
        SelectChoice("0", _("None: the first row is data")),
    ]
    if read.target.asks_policy:
        form.policy.label.text = read.target.asks_policy
    else:
        del form.policy
    form.carried.data = read.packed
    form.heading.data = str(read.heading)
    if read.target.reads_all:
        del form.heading
    return form


def _day_order_field(read: Guess) -> object:
    """Returns the one question that covers all ambiguous dates of a file."""
    sample = read.doubtful_days[0]
    count = len(read.doubtful_days)
    return OneOf(
        _("What does %(date)s mean?", date=sample),
        [(order.value, long_day(day_of(sample, order))) for order in DayOrder],
        required=_("Say how to read %(date)s: with the month first, or with the day first.", date=sample),
        description=ngettext(
            "%(num)s date in the file can be read in two ways.",
            "%(num)s dates in the file can be read in two ways. Your answer applies to all of them.",
            count,
        ),
    )


def posted_form(target: Target, kind: type[ColumnsForm] = ColumnsForm) -> ColumnsForm:
    """Returns the posted form.

    If the chosen settings cannot read the file, the form has likely choices and an error. Raises Unreadable
    if the request holds no file.
    """
    said = request.form
    raw = hidden_file.unpacked(said.get("carried", ""))
    anew = said.get("do") == "read"
    chosen = None if anew else _chosen(target, said)
    row = whole_number(said.get("heading", ""))
    try:
        read = guessed(target, raw, row, chosen)
    except Unreadable as error:
        form = form_for(guessed(target, raw), kind)
        if "heading" not in form:
            raise
        form.refuse("heading", trouble_words(error))
        return form
    return form_for(read, kind, formdata=not anew)


# These are the fields of a preview that hold what a person chose there.
_CHOSEN = re.compile(
    r"leave_wrong|wrong|texts|alike(_\d{1,7})?|everyone|people|role|days|organization_[0-9a-f]{16}"
)


def chosen_before() -> list[Kept]:
    """Returns what was chosen in a preview, which the page about the columns sends along, so that it is kept."""
    return [Kept(name, value) for name, value in request.form.items(multi=True) if _CHOSEN.fullmatch(name)]


class SaveForm(EngageForm):
    """The form that confirms an import; `save_form` adds a field for each possible duplicate."""

    seen = HiddenField()
    # The number of rows with problems that were shown.
    wrong = HiddenField()
    decided = HiddenField()
    leave_wrong = BooleanField()
    alike = OneOf(
        _l("What happens to the possible duplicates?"),
        {AsNew.ADD: _l("Add them as new ones"), AsNew.LEAVE_OUT: _l("Leave them out")},
    )
    texts = BooleanField()

    preview: Preview

    @classmethod
    def fields_for(cls, preview: Preview) -> dict[str, object]:
        """Returns the fields that depend on the rows: a choice for each possible duplicate."""
        return {
            _alike_name(row.number): SelectField(row.name, choices=_alike_choices(row), default="")
            for row in [row for row in preview.rows if row.alike][:DECIDED_ROWS]
        }

    @property
    def deciding(self) -> list[PreviewRow]:
        """Returns the possible duplicates that can be decided one by one."""
        return [row for row in self.preview.rows if _alike_name(row.number) in self]

    def row_field(self, row: PreviewRow) -> Field:
        return self[_alike_name(row.number)]

    def takes(self, row: PreviewRow) -> bool:
        """Returns whether a possible duplicate should be added."""
        return (self._own_answer(row) or self.alike.data) == AsNew.ADD

    @property
    def accepted(self) -> bool:
        return self.preview.found_accepted in request.form.getlist("texts")

    @cached_property
    def unlike(self) -> tuple[PreviewRow, ...]:
        """Returns the rows whose outcome differs from what the person saw."""
        return self.preview.unlike(self.seen.data) if self.seen.data else ()

    @property
    def same_as(self) -> str:
        """Returns which rows the person said are an existing organization; the next page sends it back."""
        said = ((row.number, self.row_field(row).data) for row in self.deciding)
        return " ".join(f"{number}={value}" for number, value in said if (value or "").isdecimal())

    @property
    def is_by_choice(self) -> bool:
        """Returns whether the outcome differs because the person just said that a row is an existing one."""
        return bool(self.unlike) and self.same_as != (self.decided.data or "")

    @property
    def status(self) -> int:
        """Returns the HTTP status of the page that shows this form again."""
        return 200 if self.is_by_choice else 409 if self.unlike else 422

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.preview.wrong and not self.leave_wrong.data:
            self.refuse(
                "leave_wrong",
                ngettext(
                    "%(num)s row has a problem. Correct the file and read it again, or check the box to "
                    "leave the row out.",
                    "%(num)s rows have problems. Correct the file and read it again, or check the box to "
                    "leave them out.",
                    len(self.preview.wrong),
                ),
            )
            valid = False
        if not self.alike.data and any(not self._own_answer(row) for row in self.preview.alike):
            self.refuse("alike", _("Say what happens to the possible duplicates."))
            valid = False
        if self.preview.found and not self.accepted:
            self.refuse("texts", _("Read the wording that may contain details, then check the box."))
            valid = False
        return valid

    def _own_answer(self, row: PreviewRow) -> str:
        return str(self.row_field(row).data or "") if _alike_name(row.number) in self else ""


def save_form(preview: Preview, kind: type[SaveForm] = SaveForm, *, formdata: bool = False) -> SaveForm:
    """Returns the confirmation of a preview; if `formdata`, with the choices in the request."""
    settings: dict[str, object] = {} if formdata else {"formdata": None}
    fields = kind.fields_for(preview)
    form: SaveForm = type("SaveForm", (kind,), {**fields, "preview": preview})(**settings)
    if form.wrong.data and form.wrong.data != str(len(preview.wrong)):
        # Other rows have problems now, which no one has agreed to leave out.
        form.leave_wrong.data = False
    form.leave_wrong.label.text = ngettext(
        "Leave out the row with a problem", "Leave out the %(num)s rows with problems", len(preview.wrong)
    )
    form.texts.label.text = _(
        "I checked this wording: it contains no personal or case details and no street address."
    )
    return form


def decided_in(said: Mapping[str, str]) -> dict[int, str]:
    """Returns a choice for each possible duplicate, by row number."""
    found = {}
    for name, value in said.items():
        if (match := re.fullmatch(r"alike_(\d{1,7})", name)) and value:
            found[int(match.group(1))] = value
    return found


def column_name(index: int) -> str:
    return f"column_{index}"


def _is_sifted_out(read: Guess, column: ImportColumn) -> bool:
    return read.target.is_sifted and not column.filled


def _alike_name(number: int) -> str:
    return f"alike_{number}"


def _chosen(target: Target, said: Mapping[str, str]) -> dict[int, str]:
    keys = {field.key for field in target.fields}
    found = {}
    for name, value in said.items():
        if (match := re.fullmatch(r"column_(\d{1,3})", name)) and value in keys:
            found[int(match.group(1))] = value
    return found


def _field_choices(target: Target) -> list[SelectChoice]:
    nothing = SelectChoice("", _("Leave this column out"))
    offered = (field for field in target.fields if field.is_offered)
    return [nothing, *(SelectChoice(field.key, field.label) for field in offered)]


def _word_choices(unknown: UnknownValue) -> list[SelectChoice]:
    first = unknown.field.asks_without if not unknown.word else _("Choose one")
    out = [SelectChoice(LEFT_OUT, _("Leave this word out"))] if unknown.field.may_go else []
    return [
        SelectChoice("", str(first)),
        *out,
        *(SelectChoice(key, str(words)) for key, words in unknown.field.offered(unknown.word).items()),
    ]


def _alike_choices(row: PreviewRow) -> list[SelectChoice]:
    return [
        SelectChoice("", _("The same as chosen above")),
        SelectChoice(AsNew.ADD, _("Add it as a new one")),
        SelectChoice(AsNew.LEAVE_OUT, _("Leave it out")),
        *(SelectChoice(each.value, _("It is %(name)s", name=each.name)) for each in row.alike if each.value),
    ]


def _row_words(read: Guess, record: Record) -> str:
    """Returns the words of a row that may name the columns; of a person's answers only the row's number."""
    if read.target.is_sifted and record.number > read.heading:
        return _("Row %(number)s", number=record.number)
    words = ", ".join(" ".join(cell.split())[:30] for cell in record.cells if cell.strip())[:80]
    return _("Row %(number)s: %(words)s", number=record.number, words=words)
