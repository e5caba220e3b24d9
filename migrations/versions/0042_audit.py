"""the audit log of a coalition, which can only be added to"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None

EVENTS = (
    'invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined',
    'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over',
    'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made',
    'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened',
    'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over',
    'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted',
)
# A coalition that is deleted takes its log along: its own row is gone by then.
SQLITE = [
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
POSTGRESQL = [
    """
    CREATE FUNCTION coalitions_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.happened_at <= now() - interval '365 days'
                OR NOT EXISTS (SELECT 1 FROM coalitions_coalition WHERE id = OLD.coalition_id) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the audit log cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER coalitions_audit_is_kept BEFORE UPDATE OR DELETE ON coalitions_audit
    FOR EACH ROW EXECUTE FUNCTION coalitions_audit_is_kept()
    """,
]


def upgrade() -> None:
    op.create_table('coalitions_audit',
    sa.Column('happened_at', UtcDateTime(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('event', sa.Enum(*EVENTS, name='auditevent', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('thing', sa.String(length=60), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('old', sa.String(length=60), nullable=True),
    sa.Column('new', sa.String(length=60), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'actor_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_coalitions_audit_coalition_id_actor_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_coalitions_audit_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coalitions_audit')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('coalitions_audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coalitions_audit_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_audit_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index('ix_coalitions_audit_happened_at', ['coalition_id', 'happened_at'], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('coalitions_audit')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION coalitions_audit_is_kept()')
