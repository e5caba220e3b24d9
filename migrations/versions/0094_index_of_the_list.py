"""the plan's list is sorted from its index"""

import sqlalchemy as sa
from alembic import op

revision = '0094'
down_revision = '0093'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_action_plan_counts'))
        batch_op.create_index('ix_plan_action_plan_counts', ['plan_id', 'coalition_id', 'goal_id', 'objective_id', 'status', 'due_on', 'owner_id', 'number'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_action_plan_counts')
        batch_op.create_index(batch_op.f('ix_plan_action_plan_counts'), ['plan_id', 'coalition_id', 'goal_id', 'objective_id', 'status', 'due_on', 'owner_id'], unique=False)

