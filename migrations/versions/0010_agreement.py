"""Agreed values of closed rounds, and what to talk about."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment_agreed_value',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=60), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('set_by_id', sa.Integer(), nullable=True),
    sa.Column('set_at', UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(value IS NULL) = (reason = '')", name=op.f('ck_assessment_agreed_value_value_has_reason')),
    sa.CheckConstraint('(value IS NULL) = (agreed_on IS NULL)', name=op.f('ck_assessment_agreed_value_value_has_date')),
    sa.CheckConstraint('value IS NULL OR value IN (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4)', name=op.f('ck_assessment_agreed_value_value_in_halves')),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_agreed_value_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'set_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_assessment_agreed_value_coalition_id_set_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_agreed_value_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_agreed_value')),
    sa.UniqueConstraint('round_id', 'indicator', name=op.f('uq_assessment_agreed_value_round_id_indicator'))
    )
    with op.batch_alter_table('assessment_agreed_value', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_agreed_value_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_agreed_value_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_agreed_value_set_by_id'), ['set_by_id'], unique=False)

    op.create_table('assessment_talking_point',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=60), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('added_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'added_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_assessment_talking_point_coalition_id_added_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_talking_point_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_talking_point_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_talking_point')),
    sa.UniqueConstraint('round_id', 'indicator', name=op.f('uq_assessment_talking_point_round_id_indicator'))
    )
    with op.batch_alter_table('assessment_talking_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_talking_point_added_by_id'), ['added_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_talking_point_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_talking_point_round_id'), ['round_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('assessment_talking_point', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_talking_point_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_talking_point_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_talking_point_added_by_id'))

    op.drop_table('assessment_talking_point')
    with op.batch_alter_table('assessment_agreed_value', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_agreed_value_set_by_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_agreed_value_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_agreed_value_coalition_id'))

    op.drop_table('assessment_agreed_value')
