"""Forms of signing in with a provider's account."""

from typing import Any

from flask import request
from wtforms import HiddenField

from engage.accounts.providers.rules import Purpose, Vouched
from engage.addresses import is_inside
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Address, EngageForm, NameLine


def wanted_page() -> str:
    """Returns the page to open after the way to a provider and back, if it is a page of this site."""
    wanted = request.form.get("wanted", "")
    return wanted if is_inside(wanted) else ""


class LeaveForm(EngageForm):
    """The buttons that lead to a provider; `wanted` is the page to open afterwards."""

    wanted = HiddenField()
    purpose = HiddenField()

    @property
    def goes_to(self) -> str:
        return wanted_page()

    @property
    def is_joining(self) -> bool:
        return bool(self.purpose.data == Purpose.JOIN)


class AskTieForm(EngageForm):
    email = Address(_l("E-mail address"), required=_l("Enter the e-mail address you sign in with."))


class JoinForm(EngageForm):
    """The form to join with a provider's account: the address is the one that the provider has verified."""

    name = NameLine(_l("Your name"), required=_l("Enter your name."))
    email = HiddenField()

    def __init__(self, vouched: Vouched, **settings: Any) -> None:
        super().__init__(**settings)
        self.vouched = vouched
        self.email.data = vouched.email

    def refuse(self, field: str, message: str) -> None:
        """Shows what is wrong with the address above the form, since no field of it can be changed."""
        if field == "email":
            self.form_errors.append(message)
        else:
            super().refuse(field, message)
