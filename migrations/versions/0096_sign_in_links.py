"""requests for links to sign in, and notices of the mail with one and of a removed password"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0096'
down_revision = '0095'
branch_labels = None
depends_on = None

NAME = 'ck_accounts_notice_noticekind'
BEFORE = (
    "kind IN ('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'link_asked', 'second_factor_on', "
    "'second_factor_off', 'recovery_codes', 'recovery_code_used', 'link_for_someone', 'second_factor_off_for_someone', "
    "'coordinator_link', 'passkey_added', 'passkey_removed')"
)
NEW = "'password_removed', 'sign_in_link'"


def upgrade() -> None:
    op.create_table('accounts_sign_in_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('wrong_codes', sa.Integer(), nullable=False),
    sa.Column('is_mailed', sa.Boolean(), nullable=False),
    sa.Column('browser', sa.String(length=20), nullable=False),
    sa.Column('system', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.CheckConstraint("email <> ''", name=op.f('ck_accounts_sign_in_link_email')),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_sign_in_link_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_sign_in_link')),
    sa.UniqueConstraint('browser_hash', name=op.f('uq_accounts_sign_in_link_browser_hash')),
    sa.UniqueConstraint('email', name=op.f('uq_accounts_sign_in_link_email')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_accounts_sign_in_link_token_hash'))
    )
    with op.batch_alter_table('accounts_sign_in_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_sign_in_link_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), f"{BEFORE[:-1]}, {NEW})")


def downgrade() -> None:
    op.execute(f"DELETE FROM accounts_notice WHERE kind IN ({NEW})")
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)

    with op.batch_alter_table('accounts_sign_in_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_sign_in_link_user_id'))

    op.drop_table('accounts_sign_in_link')
