"""the sites that may show public pages in a frame, and the lines of the audit log when one is named or removed"""

import sqlalchemy as sa
from alembic import op

revision = '0104'
down_revision = '0103'
branch_labels = None
depends_on = None

EVENTS = (
    'invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined',
    'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over',
    'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made',
    'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened',
    'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over',
    'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted', 'letter_written', 'referral_link_made',
    'referral_link_revoked', 'import_undone',
)
NEW = ('site_named', 'site_removed')
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


def _check(table: str, name: str, column: str, known) -> None:
    allowed = ', '.join(f"'{each}'" for each in known)
    with op.batch_alter_table(table, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
        batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), f'{column} IN ({allowed})')


def _events(known) -> None:
    _check('coalitions_audit', 'auditevent', 'event', known)
    if op.get_bind().dialect.name == 'sqlite':
        for statement in TRIGGERS:
            op.execute(statement)


def upgrade() -> None:
    op.create_table('reports_framing_site',
    sa.Column('origin', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_framing_site_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_framing_site')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_reports_framing_site_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'origin', name=op.f('uq_reports_framing_site_coalition_id_origin'))
    )
    with op.batch_alter_table('reports_framing_site', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_framing_site_coalition_id'), ['coalition_id'], unique=False)
    _events((*EVENTS, *NEW))


def downgrade() -> None:
    with op.batch_alter_table('reports_framing_site', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_framing_site_coalition_id'))

    op.drop_table('reports_framing_site')
    postgresql = op.get_bind().dialect.name == 'postgresql'
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit DISABLE TRIGGER coalitions_audit_is_kept')
    else:
        op.execute('DROP TRIGGER coalitions_audit_no_delete')
    op.execute(f"DELETE FROM coalitions_audit WHERE event IN {NEW}")
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit ENABLE TRIGGER coalitions_audit_is_kept')
    _events(EVENTS)
