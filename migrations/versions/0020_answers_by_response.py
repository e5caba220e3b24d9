"""One index of an answer's coalition and response: of two single ones SQLite may take the wrong one.

Then closing a round reads every answer of the coalition once for each of its responses.
"""

from alembic import op
revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_answer_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_answer_response_id'))
        batch_op.create_index('ix_assessment_answer_response', ['coalition_id', 'response_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_assessment_answer_response')
        batch_op.create_index(batch_op.f('ix_assessment_answer_response_id'), ['response_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_answer_coalition_id'), ['coalition_id'], unique=False)
