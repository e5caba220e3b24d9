"""for who knows that coordinators see their e-mail address"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('coalitions_membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('understood_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('coalitions_membership', schema=None) as batch_op:
        batch_op.drop_column('understood_at')
