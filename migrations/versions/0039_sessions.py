"""sessions: which browser, when the password was last asked, and shorter limits for who holds keys"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('accounts_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('browser', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('system', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('proved_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('holds_keys', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('accounts_session', schema=None) as batch_op:
        batch_op.alter_column('browser', server_default=None)
        batch_op.alter_column('system', server_default=None)
        batch_op.alter_column('holds_keys', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('accounts_session', schema=None) as batch_op:
        batch_op.drop_column('holds_keys')
        batch_op.drop_column('proved_at')
        batch_op.drop_column('system')
        batch_op.drop_column('browser')
