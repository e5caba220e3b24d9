"""Tables of coalitions: the coalition itself, its people, groups and invitations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.coalitions.quiet_rules import QUIET_DAYS, QUIET_DAYS_LEAST, QUIET_DAYS_MOST
from engage.coalitions.rules import (
    ACTIVE_MONTHS,
    CONTACT_MONTHS,
    CONTACT_MONTHS_OFFERED,
    FISCAL_MONTH,
    GroupKind,
    InvitationKind,
    Leadership,
    MembershipStyle,
    PersonState,
    Role,
    Stage,
    Structure,
    person_state,
)
from engage.database import Base, Tenant, tenant_key, unique_while, within
from engage.languages import ENGLISH


class Coalition(Base):
    """The tenant: a group in one community. Columns for later decisions are empty until then."""

    __tablename__ = "coalitions_coalition"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("active_months >= 1 AND active_months <= 24", name="active_months"),
        sa.CheckConstraint(
            f"contact_months >= 1 AND contact_months <= {CONTACT_MONTHS_OFFERED[-1]}", name="contact_months"
        ),
        sa.CheckConstraint(
            f"quiet_days >= {QUIET_DAYS_LEAST} AND quiet_days <= {QUIET_DAYS_MOST}", name="quiet_days"
        ),
        sa.CheckConstraint("fiscal_month >= 1 AND fiscal_month <= 12", name="fiscal_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60))
    name: Mapped[str] = mapped_column(sa.String(120))
    community: Mapped[str] = mapped_column(sa.String(200), default="")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="America/Chicago")
    # People who have chosen no other language get mails in this one.
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH, server_default=ENGLISH)
    stage: Mapped[Stage | None]
    structure: Mapped[Structure | None]
    leadership: Mapped[Leadership | None]
    membership_style: Mapped[MembershipStyle | None]
    mission: Mapped[str] = mapped_column(sa.Text, default="")
    vision: Mapped[str] = mapped_column(sa.Text, default="")
    definitions: Mapped[str] = mapped_column(sa.Text, default="")
    help_name: Mapped[str] = mapped_column(sa.String(120), default="")
    help_number: Mapped[str] = mapped_column(sa.String(40), default="")
    help_checked_on: Mapped[date | None]
    # *Leave this site* leads here; empty means the installation's setting.
    leave_url: Mapped[str] = mapped_column(sa.String(300), default="")
    # An organization counts as active in the coverage of sectors for this many months.
    active_months: Mapped[int] = mapped_column(default=ACTIVE_MONTHS)
    # These are the keys of the sectors expected at the table; None means the content's.
    expected_sectors: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    # A person counts as quiet after this many days without a sign.
    quiet_days: Mapped[int] = mapped_column(default=QUIET_DAYS)
    # The fiscal year begins on the first day of this month.
    fiscal_month: Mapped[int] = mapped_column(default=FISCAL_MONTH)
    # Coordinators without two-step sign-in have to set it up first; members are never asked.
    coordinators_need_second_factor: Mapped[bool] = mapped_column(default=False)
    # The phone number and address of a person who left are deleted after this many months; None keeps them.
    contact_months: Mapped[int | None] = mapped_column(default=CONTACT_MONTHS)
    created_at: Mapped[datetime]
    # This is true once a coordinator has dismissed the first evening, so that Home no longer offers it.
    first_evening_over: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # The installation's admin sets this; then no one can open the coalition, and nothing is lost.
    closed_at: Mapped[datetime | None]
    # This is the number of reports that wait for a coordinator, stored here so that no page has to count them.
    texts_reported: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class Membership(Tenant, Base):
    """A person's place in one coalition. It is never deleted: when a person leaves, it gets a date.

    A membership without a user is a person without an account, who may claim the place later.
    """

    __tablename__ = "coalitions_membership"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "user_id"),
        within("approved_by_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("user_id IS NOT NULL OR role <> 'coordinator'", name="coordinator_has_account"),
    )

    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="SET NULL"), index=True
    )
    # This is the name in this coalition: an account's name is copied here, and a person without an account
    # has no other.
    name: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[Role]
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    shows_email: Mapped[bool] = mapped_column(default=False)
    shows_phone: Mapped[bool] = mapped_column(default=False)
    # Since this time the person knows that coordinators see their address: the page to join said so, or the
    # person pressed *Understood* on a notice. Until then an address that members may not see is shown to no
    # one.
    understood_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(index=True)
    disabled_at: Mapped[datetime | None]
    left_on: Mapped[date | None]
    # This is the number of the confidentiality statement that the person accepted last, with its date.
    accepted_number: Mapped[int | None]
    accepted_on: Mapped[date | None]
    # This says whether the person agreed that the public page names them with their position.
    named_in_public: Mapped[bool] = mapped_column(default=False)
    # This says how the person came: "came with the open link"; it is empty for those added by hand or at setup.
    came_by: Mapped[InvitationKind | None]

    user: Mapped[User | None] = relationship()
    coalition: Mapped[Coalition] = relationship(innerjoin=True)

    @property
    def state(self) -> PersonState:
        return person_state(self.approved_at, self.disabled_at, self.left_on)


class MembershipDiscipline(Tenant, Base):
    """A discipline of a person, who may have several; the keys come from the content."""

    __tablename__ = "coalitions_membership_discipline"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("membership_id", "discipline"),
    )

    membership_id: Mapped[int] = mapped_column(index=True)
    discipline: Mapped[str] = mapped_column(sa.String(60))


class Group(Tenant, Base):
    """The core team or a workgroup. Only its lead has more rights in it (`permissions.LEAD_MAY_THERE`)."""

    __tablename__ = "coalitions_group"
    __table_args__ = (
        tenant_key(),
        within("lead_id", "coalitions_membership"),
        sa.UniqueConstraint("coalition_id", "sort_key"),
        unique_while("kind = 'core_team'", "uq_coalitions_group_core_team", "coalition_id"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    kind: Mapped[GroupKind]
    name: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    lead_id: Mapped[int | None] = mapped_column(index=True)
    review_on: Mapped[date | None]
    # If this is true, anyone here may ask to join; the lead or a coordinator answers.
    is_open: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)


class GroupMember(Tenant, Base):
    """A person in a group."""

    __tablename__ = "coalitions_group_member"
    __table_args__ = (
        within("group_id", "coalitions_group", "CASCADE"),
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("group_id", "membership_id"),
    )

    group_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True)
    # This is what the person does in it, in the group's own words, such as deputy or recorder. It grants no rights.
    title: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")


class Invitation(Tenant, Base):
    """A link to join.

    The token is derived from `nonce` and the installation's key, so that a coordinator can copy it again; the
    database alone does not reveal it.
    """

    __tablename__ = "coalitions_invitation"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("token_hash"),
        within("created_by_id", "coalitions_membership"),
        within("claims_id", "coalitions_membership"),
        sa.CheckConstraint("uses_left >= 0 AND uses_left <= 200", name="uses_left"),
        sa.CheckConstraint("(kind = 'bound') = (email <> '')", name="bound_has_email"),
        # Only the command on the server makes an open link that needs no approval.
        sa.CheckConstraint(
            "(kind = 'bound' AND NOT needs_approval)"
            " OR (kind = 'open' AND (needs_approval OR created_by_id IS NULL))",
            name="open_needs_approval",
        ),
    )

    kind: Mapped[InvitationKind]
    role: Mapped[Role]
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    # This says whether a coordinator has to approve each person who uses the link.
    needs_approval: Mapped[bool]
    # This is a line for the coordinator: "hospital social workers", or the name that stood beside the address.
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    # This is None if the command on the server made the invitation.
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    # The new account takes over this place of a person without an account.
    claims_id: Mapped[int | None] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    uses_left: Mapped[int]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    # This is when a coordinator last said that the link or a reminder was sent.
    sent_at: Mapped[datetime | None]
    # This is when the person first pressed *Continue* on a bound link; following the link sets nothing.
    started_at: Mapped[datetime | None]

    coalition: Mapped[Coalition] = relationship(innerjoin=True, viewonly=True)
    created_by: Mapped[Membership | None] = relationship(
        primaryjoin="Membership.id == foreign(Invitation.created_by_id)", viewonly=True
    )
