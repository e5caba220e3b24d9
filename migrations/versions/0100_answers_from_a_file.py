"""which of a round's answers were brought in from a file, and the imports of answers"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0100'
down_revision = '0099'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment_import',
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('made_round', sa.Boolean(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('crowd', sa.String(length=64), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('brought_by_id', sa.Integer(), nullable=True),
    sa.Column('brought_at', UtcDateTime(), nullable=False),
    sa.Column('taken_back_at', UtcDateTime(), nullable=True),
    sa.Column('shown', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'brought_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_assessment_import_coalition_id_brought_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_import_coalition_id_round_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_import_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_import'))
    )
    with op.batch_alter_table('assessment_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_import_brought_by_id'), ['brought_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_import_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_import_round_id'), ['round_id'], unique=False)

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('brought_in', sa.Enum('none', 'some', 'all', name='broughtin', native_enum=False, create_constraint=True, length=40), server_default='none', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_assessment_round_broughtin'), type_='check')
        batch_op.drop_column('brought_in')

    with op.batch_alter_table('assessment_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_import_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_import_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_import_brought_by_id'))

    op.drop_table('assessment_import')
