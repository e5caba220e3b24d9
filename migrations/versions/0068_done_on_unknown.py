"""for plans that were kept elsewhere: an action may be done on a day that no one wrote down"""

from alembic import op

revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None

NAME = 'ck_plan_action_done_has_date'


def upgrade() -> None:
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), "done_on IS NULL OR status = 'done'")


def downgrade() -> None:
    # The older version wants a day: when it was due, else when it last moved.
    op.execute(
        "UPDATE plan_action SET done_on = COALESCE(due_on, date(moved_at)) WHERE status = 'done' AND done_on IS NULL"
    )
    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), "(status = 'done') = (done_on IS NOT NULL)")
