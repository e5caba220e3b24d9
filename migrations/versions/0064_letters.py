"""letters to people, who gets each and who wants none; the audit log knows them"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None

EVENT = 'letter_written'
EVENTS = (
    'invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined',
    'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over',
    'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made',
    'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened',
    'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over',
    'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted',
)
# SQLite makes the table anew, which loses them.
TRIGGERS = [
    """
    CREATE TRIGGER coalitions_audit_no_update BEFORE UPDATE ON coalitions_audit
    BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END
    """,
    """
    CREATE TRIGGER coalitions_audit_no_delete BEFORE DELETE ON coalitions_audit
    WHEN OLD.happened_at > datetime('now', '-365 days')
     AND EXISTS (SELECT 1 FROM coalitions_coalition WHERE id = OLD.coalition_id)
    BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END
    """,
]


def _events(known) -> None:
    name, allowed = op.f('ck_coalitions_audit_auditevent'), ', '.join(f"'{each}'" for each in known)
    with op.batch_alter_table('coalitions_audit', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(name, type_='check')
        batch_op.create_check_constraint(name, f'event IN ({allowed})')
    if op.get_bind().dialect.name == 'sqlite':
        for statement in TRIGGERS:
            op.execute(statement)


def upgrade() -> None:
    op.create_table('messages_letter',
    sa.Column('kind', sa.Enum('written', 'test', name='letterkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('audience', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('press', sa.String(length=43), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('emptied_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'written_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_letter_coalition_id_written_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_letter_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_letter')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_messages_letter_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'press', name=op.f('uq_messages_letter_coalition_id_press'))
    )
    with op.batch_alter_table('messages_letter') as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_letter_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index('ix_messages_letter_when', ['coalition_id', 'made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_letter_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('messages_letter_to',
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.Column('way', sa.Enum('mail', 'program', 'phone', 'none', name='way', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'claimed', 'sent', 'failed', 'unknown', 'no_address', 'stopped', 'canceled', name='letterstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('portion', sa.Integer(), nullable=False),
    sa.Column('queued_at', UtcDateTime(), nullable=False),
    sa.Column('claimed_at', UtcDateTime(), nullable=True),
    sa.Column('sent_at', UtcDateTime(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(membership_id IS NULL) <> (invitation_id IS NULL)', name=op.f('ck_messages_letter_to_one_person')),
    sa.ForeignKeyConstraint(['coalition_id', 'invitation_id'], ['coalitions_invitation.coalition_id', 'coalitions_invitation.id'], name=op.f('fk_messages_letter_to_coalition_id_invitation_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'letter_id'], ['messages_letter.coalition_id', 'messages_letter.id'], name=op.f('fk_messages_letter_to_coalition_id_letter_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_letter_to_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_letter_to_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_letter_to')),
    sa.UniqueConstraint('letter_id', 'invitation_id', name=op.f('uq_messages_letter_to_letter_id_invitation_id')),
    sa.UniqueConstraint('letter_id', 'membership_id', name=op.f('uq_messages_letter_to_letter_id_membership_id'))
    )
    with op.batch_alter_table('messages_letter_to') as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_letter_to_claimed_at'), ['claimed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_letter_to_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_letter_to_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_letter_to_membership_id'), ['membership_id'], unique=False)
        batch_op.create_index('ix_messages_letter_to_queue', ['state', 'way', 'id'], unique=False)

    op.create_table('messages_letter_wish',
    sa.Column('address_key', sa.String(length=64), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('stopped_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_letter_wish_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_letter_wish_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_letter_wish')),
    sa.UniqueConstraint('coalition_id', 'address_key', name=op.f('uq_messages_letter_wish_coalition_id_address_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_messages_letter_wish_token_hash'))
    )
    with op.batch_alter_table('messages_letter_wish') as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_letter_wish_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_letter_wish_membership_id'), ['membership_id'], unique=False)

    _events((*EVENTS, EVENT))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == 'postgresql'
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit DISABLE TRIGGER coalitions_audit_is_kept')
    else:
        op.execute('DROP TRIGGER coalitions_audit_no_delete')
    op.execute(f"DELETE FROM coalitions_audit WHERE event = '{EVENT}'")
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit ENABLE TRIGGER coalitions_audit_is_kept')
    _events(EVENTS)
    op.drop_table('messages_letter_wish')
    op.drop_table('messages_letter_to')
    op.drop_table('messages_letter')
