"""messages"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messages_look',
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('looked_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_look_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_look_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_look')),
    sa.UniqueConstraint('membership_id', name=op.f('uq_messages_look_membership_id'))
    )
    with op.batch_alter_table('messages_look', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_look_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('messages_told',
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('told_by_id', sa.Integer(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('told_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_told_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'told_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_told_coalition_id_told_by_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_told_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_told')),
    sa.UniqueConstraint('membership_id', 'told_by_id', 'told_on', name=op.f('uq_messages_told_membership_id_told_by_id_told_on'))
    )
    with op.batch_alter_table('messages_told', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_told_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_told_told_by_id'), ['told_by_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('messages_told', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_told_told_by_id'))
        batch_op.drop_index(batch_op.f('ix_messages_told_coalition_id'))

    op.drop_table('messages_told')
    with op.batch_alter_table('messages_look', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_look_coalition_id'))

    op.drop_table('messages_look')
