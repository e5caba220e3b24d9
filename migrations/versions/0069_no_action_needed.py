"""a decision can say that it needs no action"""

import sqlalchemy as sa
from alembic import op

revision = '0069'
down_revision = '0068'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('meetings_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('no_action', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('meetings_decision', schema=None) as batch_op:
        batch_op.drop_column('no_action')
