"""The form on merging."""

from collections.abc import Sequence

from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from engage.content.loader import content
from engage.i18n import lazy_gettext as _l
from engage.numbers import whole_number
from engage.partners.merging.service import FIELDS, differing
from engage.partners.models import Organization
from engage.partners.organizations.forms import KEEP, TAKE
from engage.web.forms import OneOf, VersionedForm


class MergeForm(VersionedForm):
    """The form that merges two organizations: for each differing text, which one to keep."""

    other_version = HiddenField()
    name = OneOf(_l("Name"), [], required=_l("Choose one of the two."))
    sector = OneOf(_l("Sector"), [], required=_l("Choose one of the two."))
    about = OneOf(_l("About it"), [], required=_l("Choose one of the two."))
    website = OneOf(_l("Website"), [], required=_l("Choose one of the two."))
    phone = OneOf(_l("Office phone"), [], required=_l("Choose one of the two."))
    email = OneOf(_l("Office e-mail"), [], required=_l("Choose one of the two."))
    differing: Sequence[str] = ()

    @classmethod
    def of(cls, kept: Organization, other: Organization, **settings: object) -> "MergeForm":
        """Returns the form for the fields that differ; the values of the organization that stays are chosen first."""
        form = cls(**settings)
        form.differing = differing(kept, other)
        for name in FIELDS:
            if name not in form.differing:
                del form[name]
                continue
            ours, theirs = getattr(kept, name), getattr(other, name)
            if name == "sector":
                ours, theirs = content().sector(ours).name, content().sector(theirs).name
            form[name].choices = [SelectChoice(KEEP, ours), SelectChoice(TAKE, theirs)]
            if not form.is_submitted() or settings:
                form[name].data = KEEP
        if settings:
            form.version.data, form.other_version.data = str(kept.version), str(other.version)
        return form

    @property
    def other_opened_version(self) -> int:
        """Returns the other organization's version when the form was opened, like `opened_version`."""
        return whole_number(self.other_version.data or "") or 0

    def chosen(self, kept: Organization, other: Organization) -> dict[str, object]:
        """Returns the chosen values of the fields that differ."""
        return {name: getattr(other if self[name].data == TAKE else kept, name) for name in self.differing}
