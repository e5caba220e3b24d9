"""Forms of a group, and of a member's title in the group."""

from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from engage.coalitions.labels import GROUP_LABELS, GROUP_WHY
from engage.coalitions.models import Group
from engage.coalitions.rules import GroupKind
from engage.i18n import lazy_gettext as _l
from engage.web.forms import (
    Day,
    EngageForm,
    FreeLine,
    FreeText,
    NameLine,
    OneOf,
    RowSelect,
    SeveralOf,
    VersionedForm,
    with_optional_texts,
)


class GroupTitleForm(EngageForm):
    title = FreeLine(
        _l("Role in the group"),
        longest=80,
        description=_l(
            "Such as backup lead or recorder. It changes nothing about what they may do in Engage."
        ),
    )


@with_optional_texts(Group)
class GroupForm(VersionedForm):
    """The form of the core team or a workgroup."""

    kind = OneOf(
        _l("Kind"),
        [*GROUP_LABELS.items()],
        descriptions=GROUP_WHY,
        required=_l("Choose the kind."),
        default=GroupKind.WORKGROUP.value,
    )
    name = NameLine(_l("Name"), required=_l("Give the group a name."))
    purpose = FreeText(
        _l("Purpose"),
        longest=1000,
        description=_l("What the group is for, in a sentence."),
        about_people=False,
    )
    lead = RowSelect(_l("Lead"), nothing=_l("No one yet"))
    members = SeveralOf(_l("Members"))
    review_on = Day(_l("Review date"), description=_l("When to ask whether the group is still needed."))
    is_open = BooleanField(
        _l("Open to anyone here"),
        description=_l("Members see that they may ask to join. The lead or a coordinator answers."),
    )

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Sets the people who can be chosen as lead and members."""
        self.lead.offer(people)
        self.members.choices = [SelectChoice(str(key), name) for key, name in people]
