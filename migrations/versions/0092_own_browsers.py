"""A session says whether the browser is the person's own; such a browser may skip the code for 30 days."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0092'
down_revision = '0091'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('accounts_known_browser', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code_not_asked_until', UtcDateTime(), nullable=True))

    with op.batch_alter_table('accounts_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_own', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('accounts_session', schema=None) as batch_op:
        batch_op.drop_column('is_own')

    with op.batch_alter_table('accounts_known_browser', schema=None) as batch_op:
        batch_op.drop_column('code_not_asked_until')

