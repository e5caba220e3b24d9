"""after how many days without a sign someone counts as quiet"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quiet_days', sa.Integer(), nullable=False, server_default='90'))
        batch_op.create_check_constraint(batch_op.f('ck_coalitions_coalition_quiet_days'), 'quiet_days >= 14 AND quiet_days <= 365')
    # The default was for the rows that were there.
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.alter_column('quiet_days', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_coalitions_coalition_quiet_days'), type_='check')
        batch_op.drop_column('quiet_days')
