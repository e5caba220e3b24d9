"""A meeting can be the first one, with an agenda of its own."""

from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

NAME = 'ck_meetings_meeting_meetingkind'
BEFORE = "kind IN ('planning_session', 'general', 'core_team', 'workgroup')"


def upgrade() -> None:
    with op.batch_alter_table('meetings_meeting') as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(
            op.f(NAME), "kind IN ('first', 'planning_session', 'general', 'core_team', 'workgroup')"
        )


def downgrade() -> None:
    op.execute("UPDATE meetings_meeting SET kind = 'general' WHERE kind = 'first'")
    with op.batch_alter_table('meetings_meeting') as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)
