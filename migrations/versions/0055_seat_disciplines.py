"""for the discipline that a seat asks for"""

import sqlalchemy as sa
from alembic import op

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('partners_seat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discipline', sa.String(length=60), nullable=False, server_default=''))
    # The default was for the seats that were there.
    with op.batch_alter_table('partners_seat', schema=None) as batch_op:
        batch_op.alter_column('discipline', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('partners_seat', schema=None) as batch_op:
        batch_op.drop_column('discipline')
