"""What a directory holds of organizations, their contacts and agreements; meetings, agendas and decisions."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meetings_meeting',
    sa.Column('kind', sa.Enum('planning_session', 'general', 'core_team', 'workgroup', name='meetingkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', UtcDateTime(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_meetings_meeting_title')),
    sa.CheckConstraint('minutes >= 5 AND minutes <= 1440', name=op.f('ck_meetings_meeting_minutes')),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_meetings_meeting_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'group_id'], ['coalitions_group.coalition_id', 'coalitions_group.id'], name=op.f('fk_meetings_meeting_coalition_id_group_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_meetings_meeting_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings_meeting')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_meetings_meeting_coalition_id_id'))
    )
    with op.batch_alter_table('meetings_meeting') as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_meeting_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_meeting_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_meeting_group_id'), ['group_id'], unique=False)
        batch_op.create_index('ix_meetings_meeting_when', ['coalition_id', 'starts_at'], unique=False)

    op.create_table('partners_agreement',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('mou', 'pledge', 'data_sharing', 'subaward', 'other', name='agreementkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('drafting', 'with_board', 'signed', 'declined', 'ended', name='agreementstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('notice_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('we_promised', sa.Text(), nullable=False),
    sa.Column('they_promised', sa.Text(), nullable=False),
    sa.Column('may_be_named', sa.Boolean(), nullable=False),
    sa.Column('named_by', sa.String(length=200), nullable=False),
    sa.Column('named_on', sa.Date(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'signed' OR signed_on IS NOT NULL", name=op.f('ck_partners_agreement_signed_has_date')),
    sa.CheckConstraint('ends_on IS NULL OR signed_on IS NULL OR ends_on >= signed_on', name=op.f('ck_partners_agreement_ends_after_signing')),
    sa.CheckConstraint('may_be_named = (named_on IS NOT NULL)', name=op.f('ck_partners_agreement_named_has_date')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_partners_agreement_number')),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_partners_agreement_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_partners_agreement_coalition_id_organization_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_agreement_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_agreement')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_partners_agreement_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'number', name=op.f('uq_partners_agreement_coalition_id_number'))
    )
    with op.batch_alter_table('partners_agreement') as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_agreement_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_agreement_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_agreement_organization_id'), ['organization_id'], unique=False)

    op.create_table('partners_contact',
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('place', sa.Enum('main', 'alternate', 'other', name='contactplace', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('sort_key', sa.String(length=200), nullable=False),
    sa.Column('job', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('may_commit', sa.Boolean(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_partners_contact_name')),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_partners_contact_coalition_id_membership_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_partners_contact_coalition_id_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_contact_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_contact')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_partners_contact_coalition_id_id'))
    )
    with op.batch_alter_table('partners_contact') as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_contact_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_contact_membership_id'), ['membership_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_contact_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index('uq_partners_contact_place', ['organization_id', 'place'], unique=True, sqlite_where=sa.text("place <> 'other'"), postgresql_where=sa.text("place <> 'other'"))

    op.create_table('partners_organization_tag',
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('discipline', 'area', 'service', 'serves', 'county', 'language', name='tagkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('value', sa.String(length=120), nullable=False),
    sa.Column('sort_key', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("value <> ''", name=op.f('ck_partners_organization_tag_value')),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_partners_organization_tag_coalition_id_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_organization_tag_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_organization_tag')),
    sa.UniqueConstraint('organization_id', 'kind', 'sort_key', name=op.f('uq_partners_organization_tag_organization_id_kind_sort_key'))
    )
    with op.batch_alter_table('partners_organization_tag') as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_organization_tag_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index('ix_partners_organization_tag_found', ['coalition_id', 'kind', 'sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_organization_tag_organization_id'), ['organization_id'], unique=False)

    op.create_table('partners_seat',
    sa.Column('sector', sa.String(length=60), nullable=False),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('whom', sa.String(length=200), nullable=False),
    sa.Column('inviter_id', sa.Integer(), nullable=True),
    sa.Column('ask_by', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("sector <> ''", name=op.f('ck_partners_seat_sector')),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_partners_seat_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'inviter_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_partners_seat_coalition_id_inviter_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_partners_seat_coalition_id_organization_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_seat_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_seat')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_partners_seat_coalition_id_id'))
    )
    with op.batch_alter_table('partners_seat') as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_seat_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_seat_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_seat_inviter_id'), ['inviter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_seat_organization_id'), ['organization_id'], unique=False)

    op.create_table('meetings_agenda_item',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('source', sa.Enum('hand', 'template', 'gap', 'talk', 'disagreement', 'late_action', 'stuck_action', 'agreement', 'missing_sector', 'decision', 'carried_over', 'tip', name='source', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('about', sa.String(length=120), nullable=False),
    sa.Column('carried_from_id', sa.Integer(), nullable=True),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Enum('open', 'done', 'not_reached', 'dropped', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_meetings_agenda_item_title')),
    sa.CheckConstraint('minutes >= 0 AND minutes <= 600', name=op.f('ck_meetings_agenda_item_minutes')),
    sa.ForeignKeyConstraint(['coalition_id', 'carried_from_id'], ['meetings_agenda_item.coalition_id', 'meetings_agenda_item.id'], name=op.f('fk_meetings_agenda_item_coalition_id_carried_from_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_meetings_agenda_item_coalition_id_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_meetings_agenda_item_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings_agenda_item')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_meetings_agenda_item_coalition_id_id'))
    )
    with op.batch_alter_table('meetings_agenda_item') as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_agenda_item_carried_from_id'), ['carried_from_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_agenda_item_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_agenda_item_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('meetings_attendance',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('guest', sa.String(length=120), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('sector', sa.String(length=60), nullable=False),
    sa.Column('mode', sa.Enum('here', 'online', 'excused', name='mode', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(membership_id IS NULL) = (guest <> '')", name=op.f('ck_meetings_attendance_person_or_guest')),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_meetings_attendance_coalition_id_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_meetings_attendance_coalition_id_membership_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_meetings_attendance_coalition_id_organization_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_meetings_attendance_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings_attendance')),
    sa.UniqueConstraint('meeting_id', 'membership_id', name=op.f('uq_meetings_attendance_meeting_id_membership_id'))
    )
    with op.batch_alter_table('meetings_attendance') as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_attendance_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_attendance_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_attendance_membership_id'), ['membership_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_attendance_organization_id'), ['organization_id'], unique=False)

    op.create_table('partners_conversation',
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('level IS NULL OR (level >= 0 AND level <= 5)', name=op.f('ck_partners_conversation_level')),
    sa.ForeignKeyConstraint(['coalition_id', 'contact_id'], ['partners_contact.coalition_id', 'partners_contact.id'], name=op.f('fk_partners_conversation_coalition_id_contact_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_partners_conversation_coalition_id_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'written_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_partners_conversation_coalition_id_written_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_conversation_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_conversation')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_partners_conversation_coalition_id_id'))
    )
    with op.batch_alter_table('partners_conversation') as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_conversation_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_conversation_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_conversation_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_conversation_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('meetings_decision',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_meetings_decision_text')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_meetings_decision_number')),
    sa.ForeignKeyConstraint(['coalition_id', 'item_id'], ['meetings_agenda_item.coalition_id', 'meetings_agenda_item.id'], name=op.f('fk_meetings_decision_coalition_id_item_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_meetings_decision_coalition_id_meeting_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'owner_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_meetings_decision_coalition_id_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_meetings_decision_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings_decision')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_meetings_decision_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'number', name=op.f('uq_meetings_decision_coalition_id_number'))
    )
    with op.batch_alter_table('meetings_decision') as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_decision_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_decision_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_decision_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_decision_owner_id'), ['owner_id'], unique=False)

    with op.batch_alter_table('partners_organization') as batch_op:
        batch_op.add_column(sa.Column('website', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('phone', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('email', sa.String(length=254), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('about', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('level', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('verified_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('verified_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_index('ix_partners_organization_sector_name', ['coalition_id', 'sector', 'sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_organization_verified_by_id'), ['verified_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_partners_organization_coalition_id_verified_by_id'), 'coalitions_membership', ['coalition_id', 'verified_by_id'], ['coalition_id', 'id'], ondelete='RESTRICT')
        batch_op.create_check_constraint(op.f('ck_partners_organization_level'), 'level IS NULL OR (level >= 0 AND level <= 5)')

    # The defaults were for the rows that were there.
    with op.batch_alter_table('partners_organization') as batch_op:
        for column in ('website', 'phone', 'email', 'about', 'version'):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('partners_organization') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_partners_organization_coalition_id_verified_by_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_partners_organization_verified_by_id'))
        batch_op.drop_index('ix_partners_organization_sector_name')
        batch_op.drop_constraint(op.f('ck_partners_organization_level'), type_='check')
        batch_op.drop_column('version')
        batch_op.drop_column('verified_by_id')
        batch_op.drop_column('verified_on')
        batch_op.drop_column('level')
        batch_op.drop_column('about')
        batch_op.drop_column('email')
        batch_op.drop_column('phone')
        batch_op.drop_column('website')

    with op.batch_alter_table('meetings_decision') as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_decision_owner_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_decision_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_decision_item_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_decision_coalition_id'))

    op.drop_table('meetings_decision')
    with op.batch_alter_table('partners_conversation') as batch_op:
        batch_op.drop_index(batch_op.f('ix_partners_conversation_written_by_id'))
        batch_op.drop_index(batch_op.f('ix_partners_conversation_organization_id'))
        batch_op.drop_index(batch_op.f('ix_partners_conversation_contact_id'))
        batch_op.drop_index(batch_op.f('ix_partners_conversation_coalition_id'))

    op.drop_table('partners_conversation')
    with op.batch_alter_table('meetings_attendance') as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_attendance_organization_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_attendance_membership_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_attendance_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_attendance_coalition_id'))

    op.drop_table('meetings_attendance')
    with op.batch_alter_table('meetings_agenda_item') as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_agenda_item_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_agenda_item_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_agenda_item_carried_from_id'))

    op.drop_table('meetings_agenda_item')
    with op.batch_alter_table('partners_seat') as batch_op:
        batch_op.drop_index(batch_op.f('ix_partners_seat_organization_id'))
        batch_op.drop_index(batch_op.f('ix_partners_seat_inviter_id'))
        batch_op.drop_index(batch_op.f('ix_partners_seat_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_partners_seat_coalition_id'))

    op.drop_table('partners_seat')
    with op.batch_alter_table('partners_organization_tag') as batch_op:
        batch_op.drop_index(batch_op.f('ix_partners_organization_tag_organization_id'))
        batch_op.drop_index('ix_partners_organization_tag_found')
        batch_op.drop_index(batch_op.f('ix_partners_organization_tag_coalition_id'))

    op.drop_table('partners_organization_tag')
    with op.batch_alter_table('partners_contact') as batch_op:
        batch_op.drop_index('uq_partners_contact_place', sqlite_where=sa.text("place <> 'other'"), postgresql_where=sa.text("place <> 'other'"))
        batch_op.drop_index(batch_op.f('ix_partners_contact_organization_id'))
        batch_op.drop_index(batch_op.f('ix_partners_contact_membership_id'))
        batch_op.drop_index(batch_op.f('ix_partners_contact_coalition_id'))

    op.drop_table('partners_contact')
    with op.batch_alter_table('partners_agreement') as batch_op:
        batch_op.drop_index(batch_op.f('ix_partners_agreement_organization_id'))
        batch_op.drop_index(batch_op.f('ix_partners_agreement_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_partners_agreement_coalition_id'))

    op.drop_table('partners_agreement')
    with op.batch_alter_table('meetings_meeting') as batch_op:
        batch_op.drop_index('ix_meetings_meeting_when')
        batch_op.drop_index(batch_op.f('ix_meetings_meeting_group_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_meeting_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_meeting_coalition_id'))

    op.drop_table('meetings_meeting')
