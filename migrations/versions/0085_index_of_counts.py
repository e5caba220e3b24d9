"""indexes that hold all that a plan and its reports count; one of them takes the place of that on the plan alone"""

from alembic import op

revision = '0085'
down_revision = '0084'
branch_labels = None
depends_on = None

_COUNTED = ['plan_id', 'coalition_id', 'goal_id', 'objective_id', 'status', 'due_on', 'owner_id']

_DONE = ['coalition_id', 'status', 'done_on', 'goal_id', 'need_id']


def upgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.create_index('ix_plan_action_plan_counts', _COUNTED, unique=False)
        batch_op.create_index('ix_plan_action_done', _DONE, unique=False)
        batch_op.drop_index('ix_plan_action_plan_id')


def downgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.create_index('ix_plan_action_plan_id', ['plan_id'], unique=False)
        batch_op.drop_index('ix_plan_action_done')
        batch_op.drop_index('ix_plan_action_plan_counts')
