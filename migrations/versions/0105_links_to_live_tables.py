"""links to live tables, what they show, and the lines of the audit log about them"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0105'
down_revision = '0104'
branch_labels = None
depends_on = None

EVENTS = (
    'invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined',
    'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over',
    'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made',
    'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened',
    'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over',
    'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted', 'letter_written', 'referral_link_made',
    'referral_link_revoked', 'import_undone', 'site_named', 'site_removed',
)
NEW = ('live_link_made', 'live_link_kept', 'live_link_revoked', 'live_titles_let_through')
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
    op.create_table('reports_live_copy',
    sa.Column('kind', sa.Enum('plan', 'measures', 'activities', 'counts', 'coverage', name='livetable', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('claimed_at', UtcDateTime(), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=True),
    sa.Column('etag', sa.String(length=64), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_live_copy_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_live_copy')),
    sa.UniqueConstraint('coalition_id', 'kind', name=op.f('uq_reports_live_copy_coalition_id_kind'))
    )
    with op.batch_alter_table('reports_live_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_live_copy_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('reports_live_link',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_reports_live_link_name')),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_live_link_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_live_link')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_reports_live_link_coalition_id_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_reports_live_link_token_hash'))
    )
    with op.batch_alter_table('reports_live_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_live_link_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('reports_live_title',
    sa.Column('title_hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_live_title_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_live_title')),
    sa.UniqueConstraint('coalition_id', 'title_hash', name=op.f('uq_reports_live_title_coalition_id_title_hash'))
    )
    with op.batch_alter_table('reports_live_title', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_live_title_coalition_id'), ['coalition_id'], unique=False)

    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('live_tables_ask_on', sa.Date(), nullable=True))
    _events((*EVENTS, *NEW))


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_column('live_tables_ask_on')

    with op.batch_alter_table('reports_live_title', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_live_title_coalition_id'))

    op.drop_table('reports_live_title')
    with op.batch_alter_table('reports_live_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_live_link_coalition_id'))

    op.drop_table('reports_live_link')
    with op.batch_alter_table('reports_live_copy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_live_copy_coalition_id'))

    op.drop_table('reports_live_copy')
    postgresql = op.get_bind().dialect.name == 'postgresql'
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit DISABLE TRIGGER coalitions_audit_is_kept')
    else:
        op.execute('DROP TRIGGER coalitions_audit_no_delete')
    op.execute(f"DELETE FROM coalitions_audit WHERE event IN {NEW}")
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit ENABLE TRIGGER coalitions_audit_is_kept')
    _events(EVENTS)
