"""A meeting can be open to the public, at a place typed for the public."""

import sqlalchemy as sa
from alembic import op

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('meetings_meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_open', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('public_place', sa.String(length=200), nullable=False, server_default=''))
    # The defaults were for the meetings that were there.
    with op.batch_alter_table('meetings_meeting', schema=None) as batch_op:
        batch_op.alter_column('is_open', server_default=None)
        batch_op.alter_column('public_place', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('meetings_meeting', schema=None) as batch_op:
        batch_op.drop_column('public_place')
        batch_op.drop_column('is_open')
