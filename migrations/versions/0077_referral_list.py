"""services that organizations agreed to be listed with, and the link to the list; the audit log knows it"""

import sqlalchemy as sa
from alembic import op

revision = '0077'
down_revision = '0076'
branch_labels = None
depends_on = None

EVENTS = (
    'invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined',
    'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over',
    'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made',
    'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened',
    'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over',
    'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted', 'letter_written',
)
NEW = ('referral_link_made', 'referral_link_revoked')
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
KINDS = (
    'advocate', 'shelter', 'housing', 'basics', 'health', 'counseling', 'recovery', 'legal', 'immigration', 'youth',
    'work', 'language', 'rides', 'peers', 'other',
)


def _events(known) -> None:
    name, allowed = op.f('ck_coalitions_audit_auditevent'), ', '.join(f"'{each}'" for each in known)
    with op.batch_alter_table('coalitions_audit', table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(name, type_='check')
        batch_op.create_check_constraint(name, f'event IN ({allowed})')
    if op.get_bind().dialect.name == 'sqlite':
        for statement in TRIGGERS:
            op.execute(statement)


def _person(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['coalition_id', column], ['coalitions_membership.coalition_id', 'coalitions_membership.id'],
        name=op.f(f'fk_partners_service_coalition_id_{column}'), ondelete='RESTRICT',
    )


def upgrade() -> None:
    op.create_table('partners_service',
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='help', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('for_whom', sa.String(length=200), nullable=False),
    sa.Column('ages', sa.String(length=60), nullable=False),
    sa.Column('genders', sa.String(length=60), nullable=False),
    sa.Column('languages', sa.String(length=300), nullable=False),
    sa.Column('counties', sa.String(length=300), nullable=False),
    sa.Column('hours', sa.String(length=120), nullable=False),
    sa.Column('cost', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('refer', sa.Text(), nullable=False),
    sa.Column('eligibility', sa.Text(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('agreed_by', sa.String(length=120), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('checked_by_id', sa.Integer(), nullable=True),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_partners_service_title')),
    _person('added_by_id'),
    _person('checked_by_id'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_partners_service_coalition_id_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_service_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_service')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_partners_service_coalition_id_id'))
    )
    with op.batch_alter_table('partners_service') as batch_op:
        for column in ('added_by_id', 'checked_by_id', 'coalition_id', 'organization_id'):
            batch_op.create_index(batch_op.f(f'ix_partners_service_{column}'), [column], unique=False)

    op.create_table('partners_referral_link',
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_referral_link_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_referral_link')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_partners_referral_link_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', name=op.f('uq_partners_referral_link_coalition_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_partners_referral_link_token_hash'))
    )
    with op.batch_alter_table('partners_referral_link') as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_referral_link_coalition_id'), ['coalition_id'], unique=False)
    _events((*EVENTS, *NEW))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == 'postgresql'
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit DISABLE TRIGGER coalitions_audit_is_kept')
    else:
        op.execute('DROP TRIGGER coalitions_audit_no_delete')
    op.execute("DELETE FROM coalitions_audit WHERE event IN ('referral_link_made', 'referral_link_revoked')")
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit ENABLE TRIGGER coalitions_audit_is_kept')
    _events(EVENTS)
    op.drop_table('partners_referral_link')
    op.drop_table('partners_service')
