"""Tables of letters: the letter, its recipients, and people who want none."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, opens, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.messages.letters.rules import LetterKind, LetterState, Way
from engage.tokens import new_hash, new_token


class Letter(Tenant, Base):
    """A text that a coordinator wrote to people; `audience` and `about` are keys as in the query string."""

    __tablename__ = "messages_letter"
    __label__ = _l("Letter")
    __table_args__ = (
        tenant_key(),
        within("written_by_id", "coalitions_membership"),
        # Unique, so that pressing a button twice sends one letter.
        sa.UniqueConstraint("coalition_id", "press"),
        sa.Index("ix_messages_letter_when", "coalition_id", "made_at"),
    )

    kind: Mapped[LetterKind]
    subject: Mapped[str] = written(_l("Subject"), Search.NO, longest=200, of="written_by_id")
    text: Mapped[str] = written(_l("Text"), Search.NO, of="written_by_id")
    audience: Mapped[str] = mapped_column(sa.String(40), info=CODE)
    # The thing that the letter is about and links to, such as "meeting:4".
    about: Mapped[str] = mapped_column(sa.String(40), default="", info=CODE)
    press: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    written_by_id: Mapped[int | None] = mapped_column(index=True, info=own_data("letters_written", "made_at"))
    made_at: Mapped[datetime]
    # When subject and text were emptied.
    emptied_at: Mapped[datetime | None]


class LetterTo(Tenant, Base):
    """A letter to one person. A process claims the row before sending, so that no other sends the letter.

    The row contains no address. The address is read when the letter is sent, so that people who left get
    none.
    """

    __tablename__ = "messages_letter_to"
    __table_args__ = (
        within("letter_id", "messages_letter", "CASCADE"),
        within("membership_id", "coalitions_membership", "CASCADE"),
        within("invitation_id", "coalitions_invitation", "CASCADE"),
        within("signup_id", "plan_signup", "CASCADE"),
        sa.UniqueConstraint("letter_id", "membership_id"),
        sa.UniqueConstraint("letter_id", "invitation_id"),
        sa.UniqueConstraint("letter_id", "signup_id"),
        sa.CheckConstraint(
            "CASE WHEN membership_id IS NULL THEN 0 ELSE 1 END + CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN signup_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_person",
        ),
        sa.Index("ix_messages_letter_to_queue", "state", "way", "id"),
    )

    letter_id: Mapped[int]
    membership_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("letters_received", "way state sent_at")
    )
    invitation_id: Mapped[int | None] = mapped_column(index=True)
    # A person who signed up for an event.
    signup_id: Mapped[int | None] = mapped_column(index=True)
    way: Mapped[Way]
    state: Mapped[LetterState]
    # By hand, a coordinator sends one mail to all people with the same portion number.
    portion: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    # The mail server's answer, without the address.
    words: Mapped[str] = mapped_column(sa.String(500), default="", info=CODE)


class LetterOptOut(Tenant, Base):
    """The link with which one address stops this coalition's letters, and whether that was done.

    Only a hash of the address is stored, so that the row can outlive the person: someone who is added again
    with the same address still gets no letters. The token is derived from `nonce`, so that links in old
    letters keep working.
    """

    __tablename__ = "messages_letter_wish"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("coalition_id", "address_key"),
        sa.UniqueConstraint("token_hash"),
    )

    address_key: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    membership_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("letters_stopped", "stopped_at")
    )
    nonce: Mapped[str] = mapped_column(sa.String(43), info=opens(new_token))
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    stopped_at: Mapped[datetime | None]
