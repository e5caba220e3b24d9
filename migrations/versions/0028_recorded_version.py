"""what is recorded on a line has a version of its own"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('recorded_version', sa.Integer(), nullable=False, server_default='1'))

    # The default was for the rows that were there.
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.alter_column('recorded_version', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.drop_column('recorded_version')
