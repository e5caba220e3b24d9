"""activities"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_activity',
    sa.Column('kind', sa.Enum('training', 'outreach', 'policy', 'fund_raising', 'other', name='activitykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('discipline', sa.String(length=40), nullable=False),
    sa.Column('reached', sa.Integer(), nullable=True),
    sa.Column('hours', sa.Double(), nullable=True),
    sa.Column('goal_id', sa.Integer(), nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_plan_activity_title')),
    sa.CheckConstraint('goal_id IS NULL OR action_id IS NULL', name=op.f('ck_plan_activity_goal_or_action')),
    sa.CheckConstraint('hours IS NULL OR hours >= 0', name=op.f('ck_plan_activity_hours')),
    sa.CheckConstraint('reached IS NULL OR reached >= 0', name=op.f('ck_plan_activity_reached')),
    sa.ForeignKeyConstraint(['coalition_id', 'action_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_plan_activity_coalition_id_action_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_plan_activity_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'goal_id'], ['plan_goal.coalition_id', 'plan_goal.id'], name=op.f('fk_plan_activity_coalition_id_goal_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_activity_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_activity'))
    )
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_activity_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_activity_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_activity_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_activity_goal_id'), ['goal_id'], unique=False)
        batch_op.create_index('ix_plan_activity_happened', ['coalition_id', 'happened_on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_activity_happened')
        batch_op.drop_index(batch_op.f('ix_plan_activity_goal_id'))
        batch_op.drop_index(batch_op.f('ix_plan_activity_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_plan_activity_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_plan_activity_action_id'))

    op.drop_table('plan_activity')
