"""Tables of accounts: who may sign in, and the sessions and one-time links that allow it."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from msgspec import Struct
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.rules import LetterState, NoticeKind
from engage.columns import CODE, Search, not_own_data, own_data, written
from engage.database import Base
from engage.i18n import lazy_gettext as _l


class ThisBrowser(Struct, frozen=True):
    """The session of this request: the token in its cookie, and what its database row holds, except the time limits."""

    token: str = ""
    # When the password was last given in this session.
    proved_at: datetime | None = None
    holds_keys: bool = False
    is_own: bool = False


class User(UserMixin, Base):
    """A person who can sign in. The e-mail address is stored in lower case and is unique."""

    __tablename__ = "accounts_user"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("email <> ''", name="email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = written(_l("Name"), Search.NO, longest=120, of="id")
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, of="id", address=True)
    # Empty if the person has no password and signs in by a link in an e-mail.
    password_hash: Mapped[str] = mapped_column(sa.String(200), info=CODE)
    # True for the first account of the installation, and for those that an admin chose. An admin manages the
    # installation; that alone gives access to no coalition.
    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # The time of the newest notice that the person has not dismissed, stored here so that pages need no other
    # query.
    notice_at: Mapped[datetime | None]
    # When two-step sign-in was turned on; None if it is off. The key is derived from the nonce and the secret
    # key.
    second_factor_at: Mapped[datetime | None]
    second_factor_nonce: Mapped[str] = mapped_column(sa.String(64), default="", info=CODE)
    # The 30-second step of the last code that was used; it never goes back, so that a code works only once.
    second_factor_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # When someone else last gave access to this account: see `ways_in`. What the person answered before is no
    # longer shown.
    let_in_at: Mapped[datetime | None]
    # False once the address was changed after that: mail to it may then reach someone else.
    mail_is_own: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    # The language of the pages and mails for this person; empty means the one that their browser asks for.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="", info=CODE)
    # Whether the key / moves to the search box.
    slash_searches: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    version: Mapped[int] = mapped_column(default=1)

    # The session of the current request. It is set when the session is found or started, and never stored.
    this_browser = ThisBrowser()

    @property
    def has_password(self) -> bool:
        """Returns whether the person chose a password; someone who joined with a provider's account has none."""
        return self.password_hash != ""

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def get_id(self) -> str:
        """Returns what Flask-Login stores in the cookie: the session's token instead of the account's id."""
        return self.this_browser.token


class SignedIn(Base):
    """A signed-in browser. The cookie holds a random token; only its hash is stored here."""

    __tablename__ = "accounts_session"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=own_data("sign_ins", "created_at last_seen_at browser system is_own"),
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # A name such as "Firefox" or "Windows", never the header itself and never an address.
    browser: Mapped[str] = mapped_column(sa.String(20), default="", info=CODE)
    system: Mapped[str] = mapped_column(sa.String(20), default="", info=CODE)
    # When the password (and the code) was last given in this session.
    proved_at: Mapped[datetime | None]
    # True once the session's user was a coordinator or an admin; the shorter time limits apply from then on.
    holds_keys: Mapped[bool] = mapped_column(default=False)
    # Whether the person said that the browser is their own; otherwise the session ends with the browser.
    is_own: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class PasswordLink(Base):
    """A one-time link to choose a new password, made by a coordinator, by a command on the server, or for a mail."""

    __tablename__ = "accounts_password_link"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=own_data("password_links", "created_at expires_at used_at"),
    )
    # None if a command on the server made the link, or if it was requested by mail.
    made_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="SET NULL"),
        index=True,
        info=not_own_data("the link is the other person's"),
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    # The token of a mailed link is derived from the nonce and the secret key; other tokens are random and
    # have no nonce.
    nonce: Mapped[str] = mapped_column(sa.String(43), default="", server_default="", info=CODE)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AskedLink(Base):
    """An e-mail address for which someone requested a password link, whether or not it has an account here."""

    __tablename__ = "accounts_asked_link"
    __table_args__ = (sa.UniqueConstraint("email"), sa.CheckConstraint("email <> ''", name="email"))

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, address=True)
    asked_at: Mapped[datetime]
    # The language of the page on which the link was requested.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="", info=CODE)


class SignInLink(Base):
    """A request for a link to sign in, whether or not its e-mail address has an account here; one an address.

    The link's token and the code are derived from the nonce and the secret key. The row goes when it is used.
    """

    __tablename__ = "accounts_sign_in_link"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("browser_hash"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("email <> ''", name="email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, address=True)
    # None until the mail is made, and for an address without an account.
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=own_data("sign_in_links", "asked_at browser system"),
    )
    # The token is in the cookie of the browser that asked, which alone the link signs in.
    browser_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    asked_at: Mapped[datetime]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    is_mailed: Mapped[bool] = mapped_column(default=False)
    browser: Mapped[str] = mapped_column(sa.String(20), default="", info=CODE)
    system: Mapped[str] = mapped_column(sa.String(20), default="", info=CODE)
    # The language of the page on which the link was requested.
    language: Mapped[str] = mapped_column(sa.String(10), default="", info=CODE)


class ProviderTie(Base):
    """An account of a provider with which the person signs in: its issuer and subject, never an address."""

    __tablename__ = "accounts_provider_tie"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), sa.UniqueConstraint("user_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        info=own_data("provider_accounts", "issuer tied_at used_at is_own"),
    )
    issuer: Mapped[str] = mapped_column(sa.String(500), info=CODE)
    subject: Mapped[str] = mapped_column(sa.String(255), info=CODE)
    tied_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # False if someone else had got access to the account before: this may be their account (see `ways_in`).
    is_own: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class AskedTie(Base):
    """A request to mail a link that ties an account of a provider to the account with this e-mail address.

    The link's token is derived from the nonce and the secret key. The account is looked up, and written here,
    after the response.
    """

    __tablename__ = "accounts_asked_tie"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("email <> ''", name="email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=own_data("provider_links", "issuer asked_at"),
    )
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, of="user_id", address=True)
    issuer: Mapped[str] = mapped_column(sa.String(500), info=CODE)
    subject: Mapped[str] = mapped_column(sa.String(255), info=CODE)
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    asked_at: Mapped[datetime]
    # The language of the page on which the link was requested.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="", info=CODE)


class RecoveryCode(Base):
    """One of ten codes that can be used instead of the phone, each once."""

    __tablename__ = "accounts_recovery_code"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), info=own_data("recovery_codes", "used_at")
    )
    code_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    used_at: Mapped[datetime | None]


class Notice(Base):
    """A notice about an event of an account. It is shown until dismissed, and mailed if the site sends mail."""

    __tablename__ = "accounts_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=own_data("notices", "kind happened_at browser system dismissed_at"),
    )
    kind: Mapped[NoticeKind]
    # The person whose account the notice is about, if that is not the reader.
    about_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=not_own_data("the notice is the other person's"),
    )
    happened_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(sa.String(20), default="", info=CODE)
    system: Mapped[str] = mapped_column(sa.String(20), default="", info=CODE)
    dismissed_at: Mapped[datetime | None]
    letter: Mapped[LetterState] = mapped_column(default=LetterState.NONE, index=True)
    # The address that the mail goes to; empty once the mail is sent, or if no mail is needed.
    address: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, address=True, default="")
    tries: Mapped[int] = mapped_column(default=0)
    # The language of the page on which the person caused the event; empty if someone else caused it.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="", info=CODE)

    about: Mapped[User | None] = relationship(foreign_keys=[about_id], lazy="joined")


class KnownBrowser(Base):
    """A browser with which someone signed in before.

    The browser's cookie holds the token; this row holds the hash of token and account.
    """

    __tablename__ = "accounts_known_browser"
    __table_args__ = (sa.UniqueConstraint("user_id", "token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        info=own_data("known_browsers", "seen_at code_not_asked_until"),
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    seen_at: Mapped[datetime]
    # Until then this browser signs the person in without the code of two-step sign-in; None if it asks each time.
    code_not_asked_until: Mapped[datetime | None]


class Passkey(Base):
    """A key in a person's phone, computer or security key that signs them in; only its public half is here."""

    __tablename__ = "accounts_passkey"
    __table_args__ = (sa.UniqueConstraint("credential"), sa.CheckConstraint("name <> ''", name="name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        index=True,
        info=own_data("passkeys", "name host created_at used_at"),
    )
    name: Mapped[str] = written(_l("Name of a passkey"), Search.NO, longest=80, of="user_id")
    # The host name of the site when the passkey was made: it works only there.
    host: Mapped[str] = mapped_column(sa.String(253), info=CODE)
    credential: Mapped[str] = mapped_column(sa.String(1400), info=CODE)
    public_key: Mapped[str] = mapped_column(sa.String(4000), info=CODE)
    # How often the key says that it was used, as far as it counts.
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EmailChange(Base):
    """A new e-mail address that takes effect once its link is followed.

    The link's token is derived from the nonce and the secret key.
    """

    __tablename__ = "accounts_email_change"
    __table_args__ = (
        sa.UniqueConstraint("user_id"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("email <> ''", name="email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        info=own_data("address_to_confirm", "expires_at"),
    )
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, of="user_id", address=True)
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    expires_at: Mapped[datetime]


class SetupLink(Base):
    """The one-time link that opens /setup on a new installation; each start of the server replaces it."""

    __tablename__ = "accounts_setup_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    created_at: Mapped[datetime]


class Throttle(Base):
    """A bucket of tries for one account or network address; `key` is a hash, so that it reveals no address."""

    __tablename__ = "accounts_throttle"
    __table_args__ = (sa.CheckConstraint("tokens >= 0", name="tokens"),)

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True, info=CODE)
    tokens: Mapped[float]
    updated_at: Mapped[datetime]
