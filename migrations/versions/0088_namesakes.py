"""whether a person who signed up is someone else than an earlier one with the same name"""

import sqlalchemy as sa
from alembic import op

revision = '0088'
down_revision = '0087'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('plan_signup', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_namesake', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('plan_signup', schema=None) as batch_op:
        batch_op.drop_column('is_namesake')
