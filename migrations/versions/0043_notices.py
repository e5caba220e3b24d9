"""notices of what happened to an account, known browsers, addresses to be confirmed"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'second_factor_on', 'second_factor_off', 'recovery_codes', 'recovery_code_used', name='noticekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_at', UtcDateTime(), nullable=False),
    sa.Column('browser', sa.String(length=20), nullable=False),
    sa.Column('system', sa.String(length=20), nullable=False),
    sa.Column('dismissed_at', UtcDateTime(), nullable=True),
    sa.Column('letter', sa.Enum('none', 'waiting', 'claimed', 'sent', 'failed', name='letterstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_notice_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_notice'))
    )
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_notice_letter'), ['letter'], unique=False)
        batch_op.create_index(batch_op.f('ix_accounts_notice_user_id'), ['user_id'], unique=False)
    op.create_table('accounts_known_browser',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('seen_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_known_browser_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_known_browser')),
    sa.UniqueConstraint('user_id', 'token_hash', name=op.f('uq_accounts_known_browser_user_id_token_hash'))
    )
    op.create_table('accounts_email_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=False),
    sa.CheckConstraint("email <> ''", name=op.f('ck_accounts_email_change_email')),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_email_change_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_email_change')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_accounts_email_change_token_hash')),
    sa.UniqueConstraint('user_id', name=op.f('uq_accounts_email_change_user_id'))
    )
    op.execute(
        "INSERT INTO accounts_notice (user_id, kind, happened_at, browser, system, letter, address, tries)"
        " SELECT id, 'password_link', password_link_made_at, '', '', 'none', '', 0 FROM accounts_user"
        " WHERE password_link_made_at IS NOT NULL"
    )
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notice_at', UtcDateTime(), nullable=True))
    op.execute("UPDATE accounts_user SET notice_at = password_link_made_at")
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.drop_column('password_link_made_at')


def downgrade() -> None:
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('password_link_made_at', UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE accounts_user SET password_link_made_at = (SELECT max(happened_at) FROM accounts_notice"
        " WHERE accounts_notice.user_id = accounts_user.id AND kind = 'password_link' AND dismissed_at IS NULL)"
    )
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.drop_column('notice_at')
    op.drop_table('accounts_email_change')
    op.drop_table('accounts_known_browser')
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_notice_user_id'))
        batch_op.drop_index(batch_op.f('ix_accounts_notice_letter'))
    op.drop_table('accounts_notice')
