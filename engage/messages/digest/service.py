"""Handles a person's digest: how often it comes, in which language, and ending it without signing in."""

import sqlalchemy as sa
from flask import current_app, url_for

from engage import clock, tokens
from engage.accounts import service as accounts
from engage.accounts.models import User
from engage.extensions import db
from engage.messages.models import MailSetting
from engage.messages.rules import Frequency
from engage.web import links

PURPOSE = "unsubscribe"


def setting_of(user: User) -> MailSetting | None:
    return db.session.scalar(sa.select(MailSetting).where(MailSetting.user_id == user.id))


def frequency_of(user: User) -> Frequency:
    setting = setting_of(user)
    return setting.frequency if setting is not None else Frequency.OFF


def setting_by_token(token: str) -> MailSetting | None:
    """Returns the setting that this unsubscribe link belongs to, even if the digest has already ended."""
    return db.session.scalar(sa.select(MailSetting).where(MailSetting.token_hash == tokens.hashed(token)))


def unsubscribe_url(nonce: str) -> str:
    return links.external(url_for("my_messages.unsubscribe", token=_token(nonce)))


def _token(nonce: str) -> str:
    return tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, nonce)


# -- writes


def renewed(user_id: int, nonce: str) -> sa.Update:
    """Returns the UPDATE that stores the unsubscribe token again if the installation's key changed."""
    token_hash = tokens.hashed(_token(nonce))
    return (
        sa.update(MailSetting)
        .where(
            MailSetting.user_id == user_id, MailSetting.nonce == nonce, MailSetting.token_hash != token_hash
        )
        .values(token_hash=token_hash)
    )


def want(user: User, frequency: Frequency) -> None:
    """Sets how often the digest comes."""
    accounts.lock(user)
    setting, now = setting_of(user), clock.now()
    if setting is None:
        nonce = tokens.new_token()
        hashed = tokens.hashed(_token(nonce))
        setting = MailSetting(user_id=user.id, nonce=nonce, token_hash=hashed)
        db.session.add(setting)
    setting.frequency, setting.changed_at = frequency, now


def end(setting: MailSetting) -> None:
    """Ends the digest; doing so again changes nothing."""
    if setting.frequency is not Frequency.OFF:
        setting.frequency, setting.changed_at = Frequency.OFF, clock.now()
