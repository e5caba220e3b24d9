"""Answers of closed rounds get each other's numbers: in order, they told what one respondent had written.

Nothing points at an answer. Those of people who can still change them stay.
"""

import random

import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None

ANSWER = sa.table(
    'assessment_answer',
    *(sa.column(name) for name in ('id', 'coalition_id', 'response_id', 'indicator', 'kind', 'rating', 'note')),
    sa.column('note_released', sa.Boolean),
    sa.column('answered_at'),
)
RESPONSE = sa.table('assessment_response', *map(sa.column, ('id', 'round_id', 'respondent_id')))


def upgrade() -> None:
    connection = op.get_bind()
    rounds = sa.select(RESPONSE.c.round_id).where(RESPONSE.c.respondent_id.is_(None)).distinct()
    for round_id in connection.execute(rounds).scalars().all():
        mix(connection, round_id)


def downgrade() -> None:
    pass


def mix(connection: sa.Connection, round_id: int) -> None:
    closed = sa.select(RESPONSE.c.id).where(RESPONSE.c.round_id == round_id, RESPONSE.c.respondent_id.is_(None))
    here = ANSWER.c.response_id.in_(closed)
    rows = [dict(row) for row in connection.execute(sa.select(ANSWER).where(here)).mappings()]
    numbers = [row['id'] for row in rows]
    random.SystemRandom().shuffle(numbers)
    connection.execute(sa.delete(ANSWER).where(here))
    # They are written in the order of their new numbers, which is the order of their place on the disk.
    mixed = [{**row, 'id': number} for row, number in zip(rows, numbers, strict=True)]
    if mixed:
        connection.execute(sa.insert(ANSWER), sorted(mixed, key=lambda row: row['id']))
