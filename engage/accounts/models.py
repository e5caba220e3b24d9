"""Tables of accounts: who may sign in, and the sessions and one-time links that allow it."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.rules import LetterState, NoticeKind
from engage.database import Base


class ThisBrowser(Struct, frozen=True):
    """The session of the request: its cookie's token, and what its row says apart from its limits."""

    token: str = ""
    # This is when the password was last given in this session.
    proved_at: datetime | None = None
    holds_keys: bool = False


class User(UserMixin, Base):
    """A person who can sign in. The e-mail address is stored folded and unique."""

    __tablename__ = "accounts_user"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("email <> ''", name="email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    # This is true for the first account of the installation. It manages the installation and gives access to
    # no coalition.
    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # This is the time of the newest notice that the person has not dismissed, so that pages need no other query.
    notice_at: Mapped[datetime | None]
    # Signing in has asked for a code since this time; None means that it does not. The key is made from the
    # nonce and the secret key.
    second_factor_at: Mapped[datetime | None]
    second_factor_nonce: Mapped[str] = mapped_column(sa.String(64), default="")
    # This is the step of the last code that was used; it never goes back, so that a code works once.
    second_factor_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # Engage speaks to the person in this language; empty means the one that their browser asks for.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    # This says whether the key / leads to the search box.
    slash_searches: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    version: Mapped[int] = mapped_column(default=1)

    # This is the session of the current request. It is set when the session is found or started, and never stored.
    this_browser = ThisBrowser()

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def get_id(self) -> str:
        """Returns what Flask-Login keeps in the cookie: the session's token instead of the account's id."""
        return self.this_browser.token


class SignedIn(Base):
    """A signed-in browser. The cookie holds a random token; only its hash is stored here."""

    __tablename__ = "accounts_session"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # It holds "Firefox" or "Windows", never the header itself, never an address.
    browser: Mapped[str] = mapped_column(sa.String(20), default="")
    system: Mapped[str] = mapped_column(sa.String(20), default="")
    # This is when the password (and the code) was last given in it.
    proved_at: Mapped[datetime | None]
    # This is true once the session was seen to coordinate or to administer; the shorter limits hold from then on.
    holds_keys: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class PasswordLink(Base):
    """A one-time link to choose a new password, made by a coordinator, on the server, or to be sent by mail."""

    __tablename__ = "accounts_password_link"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True)
    # This is None if the command on the server made the link, or if it was requested by mail.
    made_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="SET NULL"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    # The token of a mailed link is derived from the nonce and the secret key; other tokens are random and
    # have no nonce.
    nonce: Mapped[str] = mapped_column(sa.String(43), default="", server_default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AskedLink(Base):
    """An address for which someone asked for a password link, whether or not it has an account here."""

    __tablename__ = "accounts_asked_link"
    __table_args__ = (sa.UniqueConstraint("email"), sa.CheckConstraint("email <> ''", name="email"))

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    asked_at: Mapped[datetime]


class RecoveryCode(Base):
    """One of ten codes that replace the phone, each usable once."""

    __tablename__ = "accounts_recovery_code"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]


class Notice(Base):
    """A notice about an event of an account. It is shown until dismissed, and mailed if the site sends mail."""

    __tablename__ = "accounts_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NoticeKind]
    happened_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(sa.String(20), default="")
    system: Mapped[str] = mapped_column(sa.String(20), default="")
    dismissed_at: Mapped[datetime | None]
    letter: Mapped[LetterState] = mapped_column(default=LetterState.NONE, index=True)
    # The mail goes to this address. It is empty once the mail is sent, or if no mail is needed.
    address: Mapped[str] = mapped_column(sa.String(254), default="")
    tries: Mapped[int] = mapped_column(default=0)


class KnownBrowser(Base):
    """A browser with which someone signed in before.

    Its cookie holds the token, this row the hash of token and account.
    """

    __tablename__ = "accounts_known_browser"
    __table_args__ = (sa.UniqueConstraint("user_id", "token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    seen_at: Mapped[datetime]


class EmailChange(Base):
    """A new address that waits until its link is followed; the token is derived from the nonce and the secret key."""

    __tablename__ = "accounts_email_change"
    __table_args__ = (
        sa.UniqueConstraint("user_id"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("email <> ''", name="email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(sa.String(254))
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    expires_at: Mapped[datetime]


class SetupLink(Base):
    """The one-time link that opens /setup on a new installation; a new start replaces it."""

    __tablename__ = "accounts_setup_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]


class Throttle(Base):
    """A bucket of tries for one account or network address; `key` is a hash, so no address is in clear text."""

    __tablename__ = "accounts_throttle"
    __table_args__ = (sa.CheckConstraint("tokens >= 0", name="tokens"),)

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    tokens: Mapped[float]
    updated_at: Mapped[datetime]
