"""Tables of letters: the letter, its recipients, and people who want none."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within
from engage.messages.letters.rules import LetterKind, LetterState, Way


class Letter(Tenant, Base):
    """A text that a coordinator wrote to people; `audience` and `about` are keys as in the page's address."""

    __tablename__ = "messages_letter"
    __table_args__ = (
        tenant_key(),
        within("written_by_id", "coalitions_membership"),
        # This is unique, so that a button that is pressed twice sends once.
        sa.UniqueConstraint("coalition_id", "press"),
        sa.Index("ix_messages_letter_when", "coalition_id", "made_at"),
    )

    kind: Mapped[LetterKind]
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    audience: Mapped[str] = mapped_column(sa.String(40))
    # This is what the letter is about, and what its link leads to: "meeting:4".
    about: Mapped[str] = mapped_column(sa.String(40), default="")
    press: Mapped[str] = mapped_column(sa.String(43))
    written_by_id: Mapped[int | None] = mapped_column(index=True)
    made_at: Mapped[datetime]
    # Subject and text are empty since this time.
    emptied_at: Mapped[datetime | None]


class LetterTo(Tenant, Base):
    """A letter to one person, claimed before it is sent: only the holder of the row sends it.

    It holds no address. The address is read when the letter is sent, so that people who have left get none.
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
    membership_id: Mapped[int | None] = mapped_column(index=True)
    invitation_id: Mapped[int | None] = mapped_column(index=True)
    # This is a person who signed up for an event.
    signup_id: Mapped[int | None] = mapped_column(index=True)
    way: Mapped[Way]
    state: Mapped[LetterState]
    # All people with the same portion get one mail from a person's own mail program.
    portion: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    # These are the server's words, without the address.
    words: Mapped[str] = mapped_column(sa.String(500), default="")


class LetterWish(Tenant, Base):
    """The link by which one address stops this coalition's letters, and whether it was used.

    Only the address's hash is stored, so that the wish outlives the person's row: a person who is added again
    with the same address still gets none. The token is derived from `nonce` and stays the same for old
    letters.
    """

    __tablename__ = "messages_letter_wish"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("coalition_id", "address_key"),
        sa.UniqueConstraint("token_hash"),
    )

    address_key: Mapped[str] = mapped_column(sa.String(64))
    membership_id: Mapped[int | None] = mapped_column(index=True)
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    stopped_at: Mapped[datetime | None]
