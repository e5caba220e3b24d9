"""Forms of agreements: recording, moving, renewing, naming, and dates that are derived from other dates."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.partners import rules
from engage.partners.agreements import rules as agreements_rules
from engage.partners.agreements.labels import KIND_LABELS, KIND_WHY, STATE_LABELS
from engage.partners.agreements.models import Agreement
from engage.partners.rules import AgreementKind, AgreementState
from engage.web.forms import Day, EngageForm, FreeLine, FreeText, NameLine, OneOf, RowSelect, VersionedForm

ON_A_DAY = "day"
REVIEW_YEARS = (1, 2, 3)
NOTICE_MONTHS = (1, 2, 3, 6)

_REVIEWS = [
    SelectChoice("", _l("No review")),
    SelectChoice("1", _l("In 1 year")),
    SelectChoice("2", _l("In 2 years")),
    SelectChoice("3", _l("In 3 years")),
    SelectChoice(ON_A_DAY, _l("On the day below")),
]
_NOTICES = [
    SelectChoice("", _l("60 days before the end")),
    SelectChoice("1", _l("1 month before the end")),
    SelectChoice("2", _l("2 months before the end")),
    SelectChoice("3", _l("3 months before the end")),
    SelectChoice("6", _l("6 months before the end")),
    SelectChoice(ON_A_DAY, _l("On the day below")),
]


def _counted(choice: SelectField) -> int:
    """Returns the number of months or years in a choice; 0 for other choices."""
    text = choice.data or ""
    return int(text) if text.isdecimal() else 0


class _DateFields(EngageForm):
    """The fields for the end, review and renewal dates; the last two follow from a rule or are typed in."""

    ends_on = Day(_l("Ends on"), description=_l("Leave empty if it has no end date."))
    notice = SelectField(
        _l("When to start the renewal"),
        choices=_NOTICES,
        description=_l(
            "On that day an action to renew it is added to the plan. If they need notice by a "
            "certain day, start earlier."
        ),
    )
    notice_on = Day(_l("Renewal begins on"))
    review = SelectField(
        _l("Review"),
        choices=_REVIEWS,
        description=_l("Counted from the day it was signed, or from today if it is not signed yet."),
    )
    review_on = Day(_l("Review on"))

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if _counted(self.notice) and self.ends_on.data is None and not self.ends_on.errors:
            self.refuse("ends_on", _("Enter the end date first: the renewal starts before it."))
            return False
        for choice, day in ((self.notice, self.notice_on), (self.review, self.review_on)):
            if choice.data == ON_A_DAY and day.data is None and not day.errors:
                self.refuse(day.name, _("Choose the day."))
                valid = False
        return valid

    def dates(self, signed_on: date) -> dict[str, date | None]:
        """Returns the columns by name with the computed dates: months before the end, years after signing."""
        ends_on = self.ends_on.data
        notice_on = self.notice_on.data if self.notice.data == ON_A_DAY else None
        if (months := _counted(self.notice)) and ends_on is not None:
            notice_on = rules.plus_months(ends_on, -months)
        review_on = self.review_on.data if self.review.data == ON_A_DAY else None
        if years := _counted(self.review):
            review_on = agreements_rules.plus_years(signed_on, years)
        return {"ends_on": ends_on, "notice_on": notice_on, "review_on": review_on}


def dates_as_chosen(agreement: Agreement) -> dict[str, object]:
    """Returns the values of an agreement's date fields; a rule is chosen if it gives the stored date."""
    ends_on, notice_on, review_on = agreement.ends_on, agreement.notice_on, agreement.review_on
    notice = _rule(
        agreements_rules.months_before(ends_on, notice_on) if ends_on and notice_on else None, NOTICE_MONTHS
    )
    signed_on = agreement.signed_on
    review = _rule(
        agreements_rules.years_after(signed_on, review_on) if signed_on and review_on else None, REVIEW_YEARS
    )
    return {
        "ends_on": ends_on,
        "notice": notice or (ON_A_DAY if notice_on else ""),
        "notice_on": None if notice else notice_on,
        "review": review or (ON_A_DAY if review_on else ""),
        "review_on": None if review else review_on,
    }


def _rule(number: int | None, offered: tuple[int, ...]) -> str:
    return str(number) if number in offered else ""


def _an_organization(_form: object, field: RowSelect) -> None:
    if field.row_id is None:
        raise StopValidation(_("Choose the organization."))


class _AgreementFields:
    organization_id = RowSelect(
        _l("Organization"), nothing=_l("Choose an organization"), validators=[_an_organization]
    )
    kind = OneOf(
        _l("What kind of agreement it is"),
        {kind.value: label for kind, label in KIND_LABELS.items()},
        required=_l("Choose what kind of agreement it is."),
        descriptions={kind.value: why for kind, why in KIND_WHY.items()},
    )
    title = FreeLine(
        _l("Title"), longest=200, description=_l("If it needs one, such as: Emergency beds for boys.")
    )
    we_promised = FreeText(
        _l("What we promised"), longest=5000, description=_l("The coalition's part, in plain words.")
    )
    they_promised = FreeText(
        _l("What they promised"), longest=5000, description=_l("Their part: how much, how often, from when.")
    )
    owner_id = RowSelect(
        _l("Person responsible"),
        nothing=_l("No one yet"),
        description=_l("They lead the renewal when it is time."),
    )

    def offer(self, organizations: Iterable[tuple[int, str]], people: Iterable[tuple[int, str]]) -> None:
        """Sets the choices, from queries within the coalition."""
        self.organization_id.offer(organizations)
        self.owner_id.offer(people)

    def fields(self) -> dict[str, Any]:
        """Returns columns by name, without the dates."""
        return {
            "organization_id": self.organization_id.row_id,
            "kind": AgreementKind(self.kind.data),
            "title": self.title.data or "",
            "we_promised": self.we_promised.data or "",
            "they_promised": self.they_promised.data or "",
            "owner_id": self.owner_id.row_id,
        }


class NewAgreementForm(_AgreementFields, _DateFields):
    """The form that records an agreement, in any state."""

    state = SelectField(
        _l("Status"),
        choices=[SelectChoice(each.value, STATE_LABELS[each]) for each in agreements_rules.FIRST],
    )
    since = Day(
        _l("Since"),
        required=_l("Enter the date."),
        description=_l("If it is signed, the day it was signed."),
    )

    @property
    def chosen_state(self) -> AgreementState:
        return AgreementState(self.state.data)


class AgreementForm(_AgreementFields, _DateFields, VersionedForm):
    """The form of an agreement, without its state."""


class SignedAgreementForm(AgreementForm):
    """The form of a signed agreement, with the day of its signature."""

    signed_on = Day(_l("Signed on"), required=_l("Say when it was signed."))


class MoveAgreementForm(VersionedForm):
    """The form that moves an agreement to another state."""

    happened_on = Day(_l("Date"), required=_l("Enter the date."))
    note = FreeText(_l("Note"), longest=1000, description=_l("What was said, or what is still missing."))


class SignForm(_DateFields, MoveAgreementForm):
    """The form for signing or renewing, with the dates that follow from it."""


class NamingForm(VersionedForm):
    """The form that records who allowed the coalition to name the organization publicly."""

    named_by = NameLine(
        _l("Who at the organization gave permission"),
        longest=200,
        required=_l("Say who at the organization gave permission: a name, or a role such as the director."),
        description=_l("Someone who may speak for the organization."),
    )
    named_on = Day(_l("Date"), required=_l("Enter the day they gave permission."))


class WithdrawForm(VersionedForm):
    """The form that records from which day the organization may no longer be named."""

    unnamed_on = Day(_l("Since"), required=_l("Enter the first day on which they may no longer be named."))


class LinkForm(EngageForm):
    """The form that links a need or an action to an agreement."""

    need_id = RowSelect(_l("Need"), nothing=_l("Choose a need"))
    action_id = RowSelect(_l("Action"), nothing=_l("Choose an action"))
