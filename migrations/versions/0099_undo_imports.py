"""imports that can be undone: a copy of what one changed, and a line of the audit log when it is undone"""

from alembic import op

revision = '0099'
down_revision = '0098'
branch_labels = None
depends_on = None

EVENTS = (
    'invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined',
    'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over',
    'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made',
    'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened',
    'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over',
    'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted', 'letter_written', 'referral_link_made',
    'referral_link_revoked',
)
NEW = 'import_undone'
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
    _check('kept_copy', 'keptfor', 'kept_for', ('undo', 'trash', 'import'))
    _events((*EVENTS, NEW))


def downgrade() -> None:
    # The older version undoes no imports.
    op.execute("DELETE FROM kept_copy WHERE kept_for = 'import'")
    _check('kept_copy', 'keptfor', 'kept_for', ('undo', 'trash'))
    postgresql = op.get_bind().dialect.name == 'postgresql'
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit DISABLE TRIGGER coalitions_audit_is_kept')
    else:
        op.execute('DROP TRIGGER coalitions_audit_no_delete')
    op.execute(f"DELETE FROM coalitions_audit WHERE event = '{NEW}'")
    if postgresql:
        op.execute('ALTER TABLE coalitions_audit ENABLE TRIGGER coalitions_audit_is_kept')
    _events(EVENTS)
