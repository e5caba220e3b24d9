"""the mail that tells of an approval, and since when an invitation waits to be sent by mail"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0098'
down_revision = '0097'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messages_approval',
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('none', 'waiting', 'claimed', 'sent', 'failed', name='letterstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('queued_at', UtcDateTime(), nullable=False),
    sa.Column('claimed_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_approval_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_approval_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_approval'))
    )
    with op.batch_alter_table('messages_approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_approval_claimed_at'), ['claimed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_approval_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_approval_membership_id'), ['membership_id'], unique=False)
        batch_op.create_index('ix_messages_approval_state', ['state'], unique=False)

    with op.batch_alter_table('coalitions_invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('queued_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('coalitions_invitation', schema=None) as batch_op:
        batch_op.drop_column('queued_at')

    with op.batch_alter_table('messages_approval', schema=None) as batch_op:
        batch_op.drop_index('ix_messages_approval_state')
        batch_op.drop_index(batch_op.f('ix_messages_approval_membership_id'))
        batch_op.drop_index(batch_op.f('ix_messages_approval_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_messages_approval_claimed_at'))

    op.drop_table('messages_approval')
