"""the grouping of sectors that a round is shown by"""

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rounds that are there were opened under the first grouping: their releases, and the floor between these, rest on it.
    with op.batch_alter_table('assessment_round') as batch_op:
        batch_op.add_column(sa.Column('grouping', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('assessment_round') as batch_op:
        batch_op.alter_column('grouping', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('assessment_round') as batch_op:
        batch_op.drop_column('grouping')
