"""A coordinator can put the cards of the first evening away."""

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column('first_evening_over', sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table('coalitions_coalition') as batch_op:
        batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition') as batch_op:
        batch_op.drop_column('first_evening_over')
