"""Forms of signing in with a provider's account."""

from flask import request
from wtforms import HiddenField

from engage.accounts.forms import NoPasswordForm
from engage.accounts.providers.rules import Purpose, Vouched
from engage.addresses import is_inside
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Address, EngageForm


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


class JoinForm(NoPasswordForm):
    """The form to join with a provider's account: the address is the one that the provider has verified."""

    def __init__(self, vouched: Vouched, **settings: object) -> None:
        super().__init__(vouched.email, **settings)
        self.vouched = vouched
