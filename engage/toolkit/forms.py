"""Forms of the toolkit."""

from engage.i18n import lazy_gettext as _l
from engage.toolkit.labels import DECIDE_LABELS, MARK_LABELS
from engage.toolkit.rules import NoteMark, NoteWords
from engage.web.forms import Day, EngageForm, FreeLine, FreeText, OneOf, SeveralOf, VersionedForm

SHARED, PRIVATE = "shared", "private"


class NoteForm(VersionedForm):
    """The form of a note on a focus area or a section."""

    text = FreeText(_l("Your note"), longest=2000, required=_l("Write a sentence first."))
    mark = OneOf(
        _l("Title"),
        [(mark.value, words) for mark, words in MARK_LABELS.items()],
        required=_l("Choose what it is."),
        descriptions={
            NoteMark.IDEA.value: _l("Something we could do. It can become a need, a strength, or an action.")
        },
    )
    seen_by = OneOf(
        _l("Visible to"),
        [(SHARED, _l("All members")), (PRIVATE, _l("Only my account"))],
        required=_l("Choose who sees it."),
        descriptions={
            SHARED: _l("With your name. Viewers see no notes."),
            PRIVATE: _l("Anyone who gets into your account, such as by a password link, could read it."),
        },
    )

    @property
    def words(self) -> NoteWords:
        return NoteWords(self.text.data or "", NoteMark(self.mark.data), self.seen_by.data == SHARED)


class NoteReplyForm(EngageForm):
    """The form of a reply to a note."""

    text = FreeText(_l("Your reply"), longest=600, required=_l("Write a sentence first."))


class SectionForm(VersionedForm):
    """The form of a section; of one that ships with Engage, only readers and due day can change."""

    title = FreeLine(_l("What to read"), required=_l("Say what there is to read."))
    place = FreeLine(
        _l("Where to find it"), description=_l("Pages in your copy, a link, or whose shelf it is on.")
    )
    readers = SeveralOf(_l("Readers"))
    due_on = Day(_l("By when"), description=_l("For everyone who reads it."))

    @property
    def reader_ids(self) -> set[int]:
        return {int(key) for key in self.readers.data or ()}


OPEN = "open"


class DecideForm(EngageForm):
    """The form that keeps, parks or sets aside an idea, or opens it again; each choice is a button."""

    standing = OneOf(
        _l("What we do with it"),
        [*((each.value, words) for each, words in DECIDE_LABELS.items()), (OPEN, _l("Reopen the idea"))],
        required=_l("Choose what to do with it."),
    )

    @property
    def decided(self) -> str:
        """Returns what was decided; an empty value opens the idea again."""
        return "" if self.standing.data == OPEN else self.standing.data or ""


class BecomeForm(EngageForm):
    """The form that turns an idea into something else; each choice is a button."""

    kind = OneOf(
        _l("Make this"),
        [("need", _l("a need")), ("strength", _l("a strength")), ("action", _l("an action"))],
        required=_l("Choose what it becomes."),
    )
