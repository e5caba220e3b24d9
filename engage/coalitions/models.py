"""Tables of coalitions: the coalition itself, its people, groups and invitations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.coalitions.inactive_rules import INACTIVE_DAYS, INACTIVE_DAYS_LEAST, INACTIVE_DAYS_MOST
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
from engage.columns import CODE, OF_INSTALLATION, Search, folded_from, not_own_data, own_data, written
from engage.database import Base, Tenant, tenant_key, unique_while, within
from engage.i18n import lazy_gettext as _l
from engage.languages import ENGLISH


class Coalition(Base):
    """A coalition: a group in one community, and the tenant of the database. Undecided columns are empty."""

    __tablename__ = "coalitions_coalition"
    __label__ = _l("The coalition")
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("active_months >= 1 AND active_months <= 24", name="active_months"),
        sa.CheckConstraint(
            f"contact_months >= 1 AND contact_months <= {CONTACT_MONTHS_OFFERED[-1]}", name="contact_months"
        ),
        sa.CheckConstraint(
            f"quiet_days >= {INACTIVE_DAYS_LEAST} AND quiet_days <= {INACTIVE_DAYS_MOST}", name="quiet_days"
        ),
        sa.CheckConstraint("fiscal_month >= 1 AND fiscal_month <= 12", name="fiscal_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    name: Mapped[str] = written(_l("Name"), Search.NO, longest=120)
    community: Mapped[str] = written(_l("Community"), Search.NO, longest=200, default="")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="America/Chicago", info=CODE)
    # The language of mails to people who have chosen no other.
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH, server_default=ENGLISH, info=CODE)
    stage: Mapped[Stage | None]
    structure: Mapped[Structure | None]
    leadership: Mapped[Leadership | None]
    membership_style: Mapped[MembershipStyle | None]
    mission: Mapped[str] = written(_l("Mission"), Search.NO, default="")
    vision: Mapped[str] = written(_l("Vision"), Search.NO, default="")
    definitions: Mapped[str] = written(_l("Definitions"), Search.NO, default="")
    help_name: Mapped[str] = written(_l("Local help: name"), Search.NO, longest=120, default="")
    help_number: Mapped[str] = written(
        _l("Local help: number"), Search.NO, longest=40, address=True, default=""
    )
    help_checked_on: Mapped[date | None]
    # The site that *Leave this site* opens; empty means the one in the installation's settings.
    leave_url: Mapped[str] = written(
        _l("Where “Leave this site” goes"), Search.NO, longest=300, address=True, default=""
    )
    # For how many months after its last activity an organization counts as active in the coverage of sectors.
    active_months: Mapped[int] = mapped_column(default=ACTIVE_MONTHS)
    # The keys of the sectors expected to take part; None means those of the content.
    expected_sectors: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True), info=CODE)
    # After how many days without activity a person counts as inactive.
    quiet_days: Mapped[int] = mapped_column(default=INACTIVE_DAYS)
    # The month on whose first day the fiscal year begins.
    fiscal_month: Mapped[int] = mapped_column(default=FISCAL_MONTH)
    # Coordinators without two-step sign-in have to set it up first; members are never asked.
    coordinators_need_second_factor: Mapped[bool] = mapped_column(default=False)
    # After how many months the phone number and address of a person who left are deleted; None keeps them.
    contact_months: Mapped[int | None] = mapped_column(default=CONTACT_MONTHS)
    created_at: Mapped[datetime]
    # True once a coordinator has dismissed the guide for the first evening, so that Home no longer offers it.
    first_evening_over: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # What has come up in the menu so far (`ComesUp`), stored here so that no page has to look for it.
    menu_entries: Mapped[list[str]] = mapped_column(
        sa.JSON, default=list, server_default=sa.text("'[]'"), info=CODE
    )
    # Whether the menu stays with its eight entries, whatever came up.
    menu_is_short: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # Set by the installation's admin to close the coalition: no one can open it, and nothing is lost.
    closed_at: Mapped[datetime | None] = mapped_column(info=OF_INSTALLATION)
    # The number of reported texts that wait for a coordinator, stored here so that no page has to count them.
    texts_reported: Mapped[int] = mapped_column(default=0, info=OF_INSTALLATION)
    # From this day on, Home asks whether a link to live tables is kept; stored here for the same reason.
    live_tables_ask_on: Mapped[date | None] = mapped_column(info=OF_INSTALLATION)
    version: Mapped[int] = mapped_column(default=1, info=OF_INSTALLATION)


class Membership(Tenant, Base):
    """A person's place in one coalition. The row is never deleted: when the person leaves, it gets a date.

    A membership without a user is a person without an account, who may take over the place later.
    """

    __tablename__ = "coalitions_membership"
    __label__ = _l("Person")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "user_id"),
        within("approved_by_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("user_id IS NOT NULL OR role <> 'coordinator'", name="coordinator_has_account"),
    )

    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="SET NULL"),
        index=True,
        info=not_own_data("the places themselves; each with its coalition"),
    )
    # The name in this coalition: copied from the account, or the only name of a person without an account.
    name: Mapped[str] = written(_l("Name"), Search.TITLE, longest=120, of="id")
    sort_key: Mapped[str] = mapped_column(sa.String(120), info=folded_from("name"))
    role: Mapped[Role]
    email: Mapped[str] = written(
        _l("E-mail address"), Search.NO, longest=254, of="id", address=True, default=""
    )
    phone: Mapped[str] = written(_l("Phone"), Search.NO, longest=40, of="id", address=True, default="")
    shows_email: Mapped[bool] = mapped_column(default=False)
    shows_phone: Mapped[bool] = mapped_column(default=False)
    # Since when the person knows that coordinators see their address: the page to join said so, or the person
    # pressed *Understood* on a notice. Until then no one sees the address, unless the person shows it to
    # members.
    understood_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(
        index=True, info=not_own_data("the place is the other person's")
    )
    disabled_at: Mapped[datetime | None]
    left_on: Mapped[date | None]
    # The number of the confidentiality statement that the person accepted last, with the date.
    accepted_number: Mapped[int | None]
    accepted_on: Mapped[date | None]
    # Whether the person agreed that the public page names them with their position.
    named_in_public: Mapped[bool] = mapped_column(default=False)
    # The kind of invitation by which the person joined; empty for people added by hand or at setup.
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

    membership_id: Mapped[int] = mapped_column(index=True, info=own_data("disciplines", "discipline"))
    discipline: Mapped[str] = mapped_column(sa.String(60), info=CODE)


class Group(Tenant, Base):
    """The core team or a workgroup. Only its lead has more rights in it (`permissions.LEAD_MAY_THERE`)."""

    __tablename__ = "coalitions_group"
    __label__ = _l("Group")
    __table_args__ = (
        tenant_key(),
        within("lead_id", "coalitions_membership"),
        sa.UniqueConstraint("coalition_id", "sort_key"),
        unique_while("kind = 'core_team'", "uq_coalitions_group_core_team", "coalition_id"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    kind: Mapped[GroupKind]
    name: Mapped[str] = written(_l("Name"), Search.TITLE, longest=120, of="lead_id")
    sort_key: Mapped[str] = mapped_column(sa.String(120), info=folded_from("name"))
    purpose: Mapped[str] = written(_l("Purpose"), Search.MEMBERS, default="")
    lead_id: Mapped[int | None] = mapped_column(index=True, info=own_data("groups_led"))
    review_on: Mapped[date | None]
    # If true, anyone in the coalition may ask to join; the group's lead or a coordinator answers.
    is_open: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)


class GroupMember(Tenant, Base):
    """A person's membership in a group."""

    __tablename__ = "coalitions_group_member"
    __label__ = _l("Person in a group")
    __table_args__ = (
        within("group_id", "coalitions_group", "CASCADE"),
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("group_id", "membership_id"),
    )

    group_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True, info=own_data("groups", "group_id"))
    # The person's role in the group, in the group's own words, such as deputy or recorder. It grants no
    # rights.
    title: Mapped[str] = written(
        _l("Role in the group"), Search.NO, longest=80, of="membership_id", default="", server_default=""
    )


class Invitation(Tenant, Base):
    """A link to join a coalition.

    The token is derived from `nonce` and the installation's key, so that a coordinator can copy the link
    again; the database alone does not reveal it.
    """

    __tablename__ = "coalitions_invitation"
    __label__ = _l("Invitation")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("token_hash"),
        within("created_by_id", "coalitions_membership"),
        within("claims_id", "coalitions_membership"),
        sa.CheckConstraint("uses_left >= 0 AND uses_left <= 200", name="uses_left"),
        sa.CheckConstraint("(kind = 'bound') = (email <> '')", name="bound_has_email"),
        # Only a command on the server makes an open link that needs no approval.
        sa.CheckConstraint(
            "(kind = 'bound' AND NOT needs_approval)"
            " OR (kind = 'open' AND (needs_approval OR created_by_id IS NULL))",
            name="open_needs_approval",
        ),
    )

    kind: Mapped[InvitationKind]
    role: Mapped[Role]
    email: Mapped[str] = mapped_column(sa.String(254), default="", info=CODE)
    # Whether a coordinator has to approve each person who uses the link.
    needs_approval: Mapped[bool]
    # A line for the coordinator: "hospital social workers", or the name that was beside the address.
    label: Mapped[str] = written(_l("For"), Search.NO, longest=120, default="")
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    created_at: Mapped[datetime]
    # None if a command on the server made the invitation.
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("invitations_made", "kind role created_at")
    )
    # The place of a person without an account that the new account takes over.
    claims_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("invitations_for_the_place", "kind role created_at expires_at")
    )
    expires_at: Mapped[datetime]
    uses_left: Mapped[int]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    # When a coordinator last recorded that the link or a reminder was sent.
    sent_at: Mapped[datetime | None]
    # When an e-mail with the link began to wait in this installation's queue; None once it was sent or given up.
    queued_at: Mapped[datetime | None]
    # When the person first pressed *Continue* on a bound link; opening the link sets nothing.
    started_at: Mapped[datetime | None]

    coalition: Mapped[Coalition] = relationship(innerjoin=True, viewonly=True)
    created_by: Mapped[Membership | None] = relationship(
        primaryjoin="Membership.id == foreign(Invitation.created_by_id)", viewonly=True
    )
