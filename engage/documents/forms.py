"""The forms of documents."""

from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from engage.documents.labels import KIND_LABELS, READERS_LABELS
from engage.documents.rules import LINK_LONGEST, TITLE_LONGEST, DocumentKind, Readers
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Day, EngageForm, FreeLine, OneOf, RowSelect, VersionedForm, WebAddress


class DocumentForm(VersionedForm):
    title = FreeLine(_l("Title"), longest=TITLE_LONGEST, required=_l("Write a title."))
    link = WebAddress(
        _l("Link"),
        longest=LINK_LONGEST,
        required=_l("Paste the link to the document."),
        description=_l("Copy it from your shared drive or website. It starts with https://."),
    )
    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice(each.value, label) for each, label in KIND_LABELS.items()],
        default=DocumentKind.OTHER.value,
    )
    group = RowSelect(_l("Group"), nothing=_l("No group"))
    readers = OneOf(
        _l("Who sees it"),
        [(each.value, label) for each, label in READERS_LABELS.items()],
        required=_l("Choose who sees it."),
        descriptions={
            Readers.GROUP: _l("Coordinators see it, too."),
            Readers.COORDINATORS: _l("Its owner sees it, too."),
        },
        description=_l("In Engage. Who can open the file itself is set where it is stored."),
    )
    owner = RowSelect(_l("Owner"), nothing=_l("No one yet"), description=_l("Keeps it up to date."))
    looked_at_on = Day(
        _l("Last reviewed"), description=_l("The day someone read it and found it up to date.")
    )

    def validate_readers(self, field: OneOf) -> None:
        if field.data == Readers.GROUP and self.group.row_id is None:
            raise ValidationError(_("Choose a group, or change who sees this."))

    def fields(self) -> dict[str, object]:
        return {
            "title": self.title.data or "",
            "link": self.link.data or "",
            "kind": DocumentKind(self.kind.data),
            "group_id": self.group.row_id,
            "readers": Readers(self.readers.data),
            "owner_id": self.owner.row_id,
            "looked_at_on": self.looked_at_on.data,
        }


class ChooseTargetForm(EngageForm):
    """Links an existing document to the thing that a page is about."""

    document = RowSelect(_l("A document from the list"), nothing=_l("Choose a document"))

    def validate_document(self, field: RowSelect) -> None:
        if field.row_id is None:
            raise ValidationError(_("Choose a document."))
