"""rounds that anyone with the link may answer, of which one may be open beside a round for members"""

import sqlalchemy as sa
from alembic import op

revision = '0095'
down_revision = '0094'
branch_labels = None
depends_on = None

CHECK = 'ck_assessment_round_asked'
OPEN = 'uq_assessment_round_open'
TAKES_ANSWERS = 'closed_at IS NULL OR reopened_at IS NOT NULL'
FOR_MEMBERS = f"({TAKES_ANSWERS}) AND asked <> 'anyone'"
FOR_ANYONE = f"({TAKES_ANSWERS}) AND asked = 'anyone'"


def upgrade() -> None:
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_index(OPEN)
        batch_op.drop_constraint(op.f(CHECK), type_='check')
        batch_op.create_check_constraint(op.f(CHECK), "asked IN ('everyone', 'invited', 'anyone')")
    _index(OPEN, FOR_MEMBERS)
    _index('uq_assessment_round_anyone', FOR_ANYONE)


def downgrade() -> None:
    # The older version takes answers to one round at a time. Beside a round for members, the one for anyone
    # is shut, with its answers, until a coordinator reopens it and closes it.
    op.execute(
        "UPDATE assessment_round SET closed_at = coalesce(closed_at, opened_at), reopened_at = NULL"
        f" WHERE {FOR_ANYONE} AND EXISTS (SELECT 1 FROM assessment_round AS other"
        " WHERE other.coalition_id = assessment_round.coalition_id AND other.asked <> 'anyone'"
        " AND (other.closed_at IS NULL OR other.reopened_at IS NOT NULL))"
    )
    # There, too, it asks no one who has an account.
    op.execute("UPDATE assessment_round SET asked = 'invited' WHERE asked = 'anyone'")
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_index('uq_assessment_round_anyone')
        batch_op.drop_index(OPEN)
        batch_op.drop_constraint(op.f(CHECK), type_='check')
        batch_op.create_check_constraint(op.f(CHECK), "asked IN ('everyone', 'invited')")
    _index(OPEN, TAKES_ANSWERS)


def _index(name: str, where: str) -> None:
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.create_index(name, ['coalition_id'], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
