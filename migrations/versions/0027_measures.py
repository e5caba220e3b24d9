"""measures"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_measure',
    sa.Column('objective_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('how_much', 'how_well', 'better_off', name='measurekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('number_kind', sa.Enum('count', 'percent', 'amount', name='numberkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('direction', sa.Enum('up', 'down', name='direction', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('baseline_value', sa.Double(), nullable=True),
    sa.Column('baseline_on', sa.Date(), nullable=True),
    sa.Column('target_value', sa.Double(), nullable=True),
    sa.Column('target_on', sa.Date(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("number_kind <> 'percent' OR ((baseline_value IS NULL OR baseline_value <= 100) AND (target_value IS NULL OR target_value <= 100))", name=op.f('ck_plan_measure_percent')),
    sa.CheckConstraint("number_kind = 'amount' OR ((baseline_value IS NULL OR baseline_value >= 0) AND (target_value IS NULL OR target_value >= 0))", name=op.f('ck_plan_measure_not_negative')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_plan_measure_title')),
    sa.CheckConstraint('(baseline_value IS NULL) = (baseline_on IS NULL)', name=op.f('ck_plan_measure_baseline_has_date')),
    sa.CheckConstraint('target_on IS NULL OR baseline_on IS NULL OR target_on > baseline_on', name=op.f('ck_plan_measure_dates')),
    sa.CheckConstraint('target_on IS NULL OR target_value IS NOT NULL', name=op.f('ck_plan_measure_target_has_value')),
    sa.ForeignKeyConstraint(['coalition_id', 'objective_id'], ['plan_objective.coalition_id', 'plan_objective.id'], name=op.f('fk_plan_measure_coalition_id_objective_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_measure_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_measure')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_plan_measure_coalition_id_id'))
    )
    with op.batch_alter_table('plan_measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_measure_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_measure_objective_id'), ['objective_id'], unique=False)

    op.create_table('plan_reading',
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'measure_id'], ['plan_measure.coalition_id', 'plan_measure.id'], name=op.f('fk_plan_reading_coalition_id_measure_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'written_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_plan_reading_coalition_id_written_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_reading_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_reading')),
    sa.UniqueConstraint('measure_id', 'taken_on', name=op.f('uq_plan_reading_measure_id_taken_on'))
    )
    with op.batch_alter_table('plan_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_reading_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_reading_written_by_id'), ['written_by_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('plan_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_reading_written_by_id'))
        batch_op.drop_index(batch_op.f('ix_plan_reading_coalition_id'))

    op.drop_table('plan_reading')
    with op.batch_alter_table('plan_measure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_measure_objective_id'))
        batch_op.drop_index(batch_op.f('ix_plan_measure_coalition_id'))

    op.drop_table('plan_measure')
