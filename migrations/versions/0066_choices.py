"""for questions with options: an answer may be a choice, and holds what was chosen"""

import sqlalchemy as sa
from alembic import op

revision = '0066'
down_revision = '0065'
branch_labels = None
depends_on = None

NAME = 'ck_assessment_answer_answerkind'
BEFORE = "kind IN ('rating', 'dont_know', 'does_not_apply')"


def upgrade() -> None:
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('chosen', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), "kind IN ('rating', 'choice', 'dont_know', 'does_not_apply')")
        batch_op.create_check_constraint(
            op.f('ck_assessment_answer_chosen'), 'chosen IS NULL OR (chosen >= 1 AND chosen <= 127)'
        )
        batch_op.create_check_constraint(
            op.f('ck_assessment_answer_choice_has_options'), "(kind = 'choice') = (chosen IS NOT NULL)"
        )


def downgrade() -> None:
    # The older version knows no questions with options.
    op.execute("DELETE FROM assessment_answer WHERE kind = 'choice'")
    for name in ('assessment_round', 'assessment_draft_set'):
        take_out(op.get_bind(), name)
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_assessment_answer_choice_has_options'), type_='check')
        batch_op.drop_constraint(op.f('ck_assessment_answer_chosen'), type_='check')
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)
        batch_op.drop_column('chosen')


def take_out(connection: sa.Connection, name: str) -> None:
    table = sa.table(name, sa.column('id'), sa.column('questions', sa.JSON))
    for key, stored in connection.execute(sa.select(table.c.id, table.c.questions)).all():
        if stored.get('format') != 3:
            continue
        for area in stored['areas']:
            area['questions'] = [each for each in area['questions'] if each.get('kind', 'levels') == 'levels']
        changed = {**stored, 'format': 2}
        connection.execute(sa.update(table).where(table.c.id == key).values(questions=changed))
