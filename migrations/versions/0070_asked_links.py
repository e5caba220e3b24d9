"""A person who forgot their password asks for a link by mail."""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0070'
down_revision = '0069'
branch_labels = None
depends_on = None

NAME = 'ck_accounts_notice_noticekind'
BEFORE = (
    "kind IN ('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'second_factor_on', "
    "'second_factor_off', 'recovery_codes', 'recovery_code_used')"
)


def upgrade() -> None:
    op.create_table('accounts_asked_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.CheckConstraint("email <> ''", name=op.f('ck_accounts_asked_link_email')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_asked_link')),
    sa.UniqueConstraint('email', name=op.f('uq_accounts_asked_link_email'))
    )
    with op.batch_alter_table('accounts_password_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('nonce', sa.String(length=43), nullable=False, server_default=''))
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE.replace("'confirm_email'", "'confirm_email', 'link_asked'"))


def downgrade() -> None:
    op.execute("DELETE FROM accounts_notice WHERE kind = 'link_asked'")
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)
    op.execute("DELETE FROM accounts_password_link WHERE nonce <> ''")
    with op.batch_alter_table('accounts_password_link', schema=None) as batch_op:
        batch_op.drop_column('nonce')
    op.drop_table('accounts_asked_link')
