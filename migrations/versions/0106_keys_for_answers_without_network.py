"""keys to which phones seal the answers that wait for a network"""

import sqlalchemy as sa
from alembic import op

revision = '0106'
down_revision = '0105'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment_offline_key',
    sa.Column('response_id', sa.Integer(), nullable=False),
    sa.Column('private', sa.JSON(), nullable=False),
    sa.Column('handle_hash', sa.String(length=64), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'response_id'], ['assessment_response.coalition_id', 'assessment_response.id'], name=op.f('fk_assessment_offline_key_coalition_id_response_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_offline_key_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_offline_key')),
    sa.UniqueConstraint('handle_hash', name=op.f('uq_assessment_offline_key_handle_hash'))
    )
    with op.batch_alter_table('assessment_offline_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_offline_key_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_offline_key_response_id'), ['response_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('assessment_offline_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_offline_key_response_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_offline_key_coalition_id'))

    op.drop_table('assessment_offline_key')
