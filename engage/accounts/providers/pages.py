"""Shows the pages on the way to a provider and back."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, current_app, render_template, url_for
from flask_login import current_user
from msgspec import Struct

from engage.accounts.models import User
from engage.accounts.providers import queries
from engage.accounts.providers.forms import AskTieForm
from engage.accounts.providers.labels import STATUS, TEXTS, TITLES
from engage.accounts.providers.rules import Purpose, Trouble
from engage.accounts.providers.service import provider_of
from engage.errors import Link
from engage.extensions import mail_server
from engage.i18n import gettext as _
from engage.settings import Provider
from engage.web.answers import problem


class ShownTie(Struct, frozen=True):
    """An account of a provider on the account's page; `is_on` says whether one can sign in with it now."""

    id: int
    issuer: str
    name: str
    is_on: bool
    is_own: bool
    tied_at: datetime


def ties_of(user: User) -> list[ShownTie]:
    """Returns the provider's accounts that are tied; one that is switched off goes by its host's name."""
    found = []
    for each in queries.ties_of(user):
        provider = provider_of(each.issuer)
        name = provider.name if provider is not None else urlsplit(each.issuer).hostname or each.issuer
        found.append(ShownTie(each.id, each.issuer, name, provider is not None, each.is_own, each.tied_at))
    return found


def to_connect(ties: list[ShownTie]) -> list[Provider]:
    """Returns the providers that the person may still connect."""
    tied = {each.issuer for each in ties}
    return [each for each in current_app.config["PROVIDERS"] if each.issuer not in tied]


def trouble(provider: Provider, why: Trouble, purpose: Purpose = Purpose.SIGN_IN) -> Response:
    """Says why the provider's answer signs no one in, and leads back to where the person was."""
    words = {"provider": provider.name}
    return problem(
        STATUS.get(why, 400),
        str(TITLES[why]) % words,
        str(TEXTS[why]) % words,
        keep=False,
        link=_back(purpose),
    )


def _back(purpose: Purpose) -> Link:
    if purpose is Purpose.JOIN:
        return Link(_("Back to the invitation"), url_for("join.index"))
    if purpose is Purpose.SIGN_IN or not current_user.is_authenticated:
        return Link(_("Sign in"), url_for("accounts.sign_in"))
    return Link(_("Your account"), url_for("accounts.profile"))


def not_known(provider: Provider, form: AskTieForm | None = None) -> str:
    """Says that no account here is tied to the provider's account, and what to do. It reveals no address."""
    return render_template(
        "accounts/providers/not_known.html",
        provider=provider,
        form=form or AskTieForm(formdata=None),
        mails=mail_server() is not None,
    )
