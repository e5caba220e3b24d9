"""A coalition chooses in which month its fiscal year begins."""

import sqlalchemy as sa
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('fiscal_month', sa.Integer(), nullable=False, server_default='7'))
        batch_op.create_check_constraint(batch_op.f('ck_coalitions_coalition_fiscal_month'), 'fiscal_month >= 1 AND fiscal_month <= 12')
    # The default was for the rows that were there.
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.alter_column('fiscal_month', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_coalitions_coalition_fiscal_month'), type_='check')
        batch_op.drop_column('fiscal_month')
