"""for how far an invited person got"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('coalitions_invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sent_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('started_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('coalitions_invitation', schema=None) as batch_op:
        batch_op.drop_column('started_at')
        batch_op.drop_column('sent_at')
