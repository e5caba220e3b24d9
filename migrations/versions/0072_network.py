"""Coalitions share counts with the network of their site."""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0072'
down_revision = '0071'
branch_labels = None
depends_on = None

KINDS = ('members', 'sectors', 'round_open', 'actions_done')


def _kind() -> sa.Enum:
    return sa.Enum(*KINDS, name='countkind', native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table('operations_network_sum',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', _kind(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('coalitions', sa.Integer(), nullable=False),
    sa.Column('counted_at', UtcDateTime(), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operations_network_sum')),
    sa.UniqueConstraint('kind', name=op.f('uq_operations_network_sum_kind'))
    )
    op.create_table('operations_shared_count',
    sa.Column('kind', _kind(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_operations_shared_count_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operations_shared_count')),
    sa.UniqueConstraint('coalition_id', 'kind', name=op.f('uq_operations_shared_count_coalition_id_kind'))
    )
    with op.batch_alter_table('operations_shared_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_operations_shared_count_coalition_id'), ['coalition_id'], unique=False)


def downgrade() -> None:
    op.drop_table('operations_shared_count')
    op.drop_table('operations_network_sum')
