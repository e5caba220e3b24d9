"""the accounts of providers with which people sign in, requests to tie one by mail, notices about both"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0097'
down_revision = '0096'
branch_labels = None
depends_on = None

NAME = 'ck_accounts_notice_noticekind'
BEFORE = (
    "kind IN ('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'link_asked', 'second_factor_on', "
    "'second_factor_off', 'recovery_codes', 'recovery_code_used', 'link_for_someone', "
    "'second_factor_off_for_someone', 'coordinator_link', 'passkey_added', 'passkey_removed', "
    "'password_removed', 'sign_in_link')"
)
NEW = "'provider_asked', 'provider_tied', 'provider_untied'"


def upgrade() -> None:
    op.create_table('accounts_asked_tie',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('issuer', sa.String(length=500), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('language', sa.String(length=10), server_default='', nullable=False),
    sa.CheckConstraint("email <> ''", name=op.f('ck_accounts_asked_tie_email')),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_asked_tie_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_asked_tie')),
    sa.UniqueConstraint('email', name=op.f('uq_accounts_asked_tie_email')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_accounts_asked_tie_token_hash'))
    )
    with op.batch_alter_table('accounts_asked_tie', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_asked_tie_user_id'), ['user_id'], unique=False)

    op.create_table('accounts_provider_tie',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=500), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('tied_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.Column('is_own', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_provider_tie_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_provider_tie')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_accounts_provider_tie_issuer_subject')),
    sa.UniqueConstraint('user_id', 'issuer', name=op.f('uq_accounts_provider_tie_user_id_issuer'))
    )
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), f"{BEFORE[:-1]}, {NEW})")


def downgrade() -> None:
    op.execute(f"DELETE FROM accounts_notice WHERE kind IN ({NEW})")
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)
    op.drop_table('accounts_provider_tie')
    with op.batch_alter_table('accounts_asked_tie', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_asked_tie_user_id'))

    op.drop_table('accounts_asked_tie')
