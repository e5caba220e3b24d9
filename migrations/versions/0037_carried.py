"""what goes on from one plan in the next, and why"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_goal_carried',
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.Enum('not_finished', 'continues', 'other', name='carrywhy', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("why <> 'other' OR reason <> ''", name=op.f('ck_plan_goal_carried_other_has_words')),
    sa.ForeignKeyConstraint(['coalition_id', 'from_id'], ['plan_goal.coalition_id', 'plan_goal.id'], name=op.f('fk_plan_goal_carried_coalition_id_from_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'goal_id'], ['plan_goal.coalition_id', 'plan_goal.id'], name=op.f('fk_plan_goal_carried_coalition_id_goal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_goal_carried_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_goal_carried')),
    sa.UniqueConstraint('goal_id', name=op.f('uq_plan_goal_carried_goal_id'))
    )
    with op.batch_alter_table('plan_goal_carried', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_goal_carried_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_goal_carried_from_id'), ['from_id'], unique=False)

    op.create_table('plan_objective_carried',
    sa.Column('objective_id', sa.Integer(), nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.Enum('not_finished', 'continues', 'other', name='carrywhy', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("why <> 'other' OR reason <> ''", name=op.f('ck_plan_objective_carried_other_has_words')),
    sa.ForeignKeyConstraint(['coalition_id', 'from_id'], ['plan_objective.coalition_id', 'plan_objective.id'], name=op.f('fk_plan_objective_carried_coalition_id_from_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'objective_id'], ['plan_objective.coalition_id', 'plan_objective.id'], name=op.f('fk_plan_objective_carried_coalition_id_objective_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_objective_carried_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_objective_carried')),
    sa.UniqueConstraint('objective_id', name=op.f('uq_plan_objective_carried_objective_id'))
    )
    with op.batch_alter_table('plan_objective_carried', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_objective_carried_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_objective_carried_from_id'), ['from_id'], unique=False)

    op.create_table('plan_action_carried',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.Enum('not_finished', 'continues', 'other', name='carrywhy', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("why <> 'other' OR reason <> ''", name=op.f('ck_plan_action_carried_other_has_words')),
    sa.ForeignKeyConstraint(['coalition_id', 'action_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_plan_action_carried_coalition_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'from_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_plan_action_carried_coalition_id_from_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_action_carried_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_action_carried')),
    sa.UniqueConstraint('action_id', name=op.f('uq_plan_action_carried_action_id'))
    )
    with op.batch_alter_table('plan_action_carried', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_action_carried_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_action_carried_from_id'), ['from_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('plan_action_carried', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_action_carried_from_id'))
        batch_op.drop_index(batch_op.f('ix_plan_action_carried_coalition_id'))

    op.drop_table('plan_action_carried')
    with op.batch_alter_table('plan_objective_carried', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_objective_carried_from_id'))
        batch_op.drop_index(batch_op.f('ix_plan_objective_carried_coalition_id'))

    op.drop_table('plan_objective_carried')
    with op.batch_alter_table('plan_goal_carried', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_goal_carried_from_id'))
        batch_op.drop_index(batch_op.f('ix_plan_goal_carried_coalition_id'))

    op.drop_table('plan_goal_carried')
