"""admin"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('operations_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('tick', name='runkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('ended_at', UtcDateTime(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operations_run')),
    sa.UniqueConstraint('kind', name=op.f('uq_operations_run_kind'))
    )
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closed_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_column('closed_at')

    op.drop_table('operations_run')
