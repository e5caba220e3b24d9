"""Passkeys, and the notices that one was added or removed."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0093'
down_revision = '0092'
branch_labels = None
depends_on = None

NAME = 'ck_accounts_notice_noticekind'
BEFORE = (
    "kind IN ('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'link_asked', 'second_factor_on', "
    "'second_factor_off', 'recovery_codes', 'recovery_code_used', 'link_for_someone', 'second_factor_off_for_someone', "
    "'coordinator_link')"
)
NEW = "'passkey_added', 'passkey_removed'"


def upgrade() -> None:
    op.create_table('accounts_passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('host', sa.String(length=253), nullable=False),
    sa.Column('credential', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.String(length=4000), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("name <> ''", name=op.f('ck_accounts_passkey_name')),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_passkey_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_passkey')),
    sa.UniqueConstraint('credential', name=op.f('uq_accounts_passkey_credential'))
    )
    with op.batch_alter_table('accounts_passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_passkey_user_id'), ['user_id'], unique=False)
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), f"{BEFORE[:-1]}, {NEW})")


def downgrade() -> None:
    op.execute(f"DELETE FROM accounts_notice WHERE kind IN ({NEW})")
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)
    with op.batch_alter_table('accounts_passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_passkey_user_id'))

    op.drop_table('accounts_passkey')
