"""repeats: actions that come again"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_repeat',
    sa.Column('unit', sa.Enum('week', 'month_day', 'month_weekday', name='repeatunit', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('every', sa.Integer(), nullable=False),
    sa.Column('day', sa.Integer(), nullable=True),
    sa.Column('nth', sa.Integer(), nullable=True),
    sa.Column('weekday', sa.Integer(), nullable=True),
    sa.Column('anchor_on', sa.Date(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('stopped_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('every BETWEEN 1 AND 60', name=op.f('ck_plan_repeat_every')),
    sa.CheckConstraint("(unit = 'month_day') = (day IS NOT NULL)", name=op.f('ck_plan_repeat_day_of_month')),
    sa.CheckConstraint('day BETWEEN 1 AND 31', name=op.f('ck_plan_repeat_day')),
    sa.CheckConstraint("(unit = 'month_weekday') = (nth IS NOT NULL) AND (nth IS NULL) = (weekday IS NULL)", name=op.f('ck_plan_repeat_nth_weekday')),
    sa.CheckConstraint('nth IN (1, 2, 3, 4, -1)', name=op.f('ck_plan_repeat_nth')),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_plan_repeat_weekday')),
    sa.CheckConstraint('times IS NULL OR until_on IS NULL', name=op.f('ck_plan_repeat_one_end')),
    sa.CheckConstraint('times >= 1', name=op.f('ck_plan_repeat_times')),
    sa.CheckConstraint('next_on > last_on', name=op.f('ck_plan_repeat_next_is_later')),
    sa.CheckConstraint('stopped_on IS NULL OR next_on IS NULL', name=op.f('ck_plan_repeat_stopped_has_no_next')),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_repeat_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_repeat')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_plan_repeat_coalition_id_id'))
    )
    with op.batch_alter_table('plan_repeat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_repeat_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_repeat_next_on'), ['next_on'], unique=False)

    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('repeat_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('repeat_on', sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_plan_action_coalition_id_repeat_id'), 'plan_repeat', ['coalition_id', 'repeat_id'], ['coalition_id', 'id'], ondelete='RESTRICT')
        batch_op.create_unique_constraint(batch_op.f('uq_plan_action_repeat_id_repeat_on'), ['repeat_id', 'repeat_on'])
        batch_op.create_check_constraint(batch_op.f('ck_plan_action_date_of_repeat'), '(repeat_id IS NULL) = (repeat_on IS NULL)')


def downgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_plan_action_date_of_repeat'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_plan_action_repeat_id_repeat_on'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_plan_action_coalition_id_repeat_id'), type_='foreignkey')
        batch_op.drop_column('repeat_on')
        batch_op.drop_column('repeat_id')

    with op.batch_alter_table('plan_repeat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_repeat_next_on'))
        batch_op.drop_index(batch_op.f('ix_plan_repeat_coalition_id'))

    op.drop_table('plan_repeat')
