"""an index that holds all that a plan counts, in the place of one on the plan alone"""

from alembic import op

revision = '0085'
down_revision = '0084'
branch_labels = None
depends_on = None

_COUNTED = ['plan_id', 'coalition_id', 'goal_id', 'objective_id', 'status', 'due_on', 'owner_id']


def upgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.create_index('ix_plan_action_plan_counts', _COUNTED, unique=False)
        batch_op.drop_index('ix_plan_action_plan_id')


def downgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.create_index('ix_plan_action_plan_id', ['plan_id'], unique=False)
        batch_op.drop_index('ix_plan_action_plan_counts')
