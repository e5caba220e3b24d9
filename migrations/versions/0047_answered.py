"""everything answered counts, unless it was taken back"""

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rounds that are there told their respondents that only what they submit counts.
    with op.batch_alter_table('assessment_round') as batch_op:
        batch_op.add_column(sa.Column('counts_answered', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('assessment_response') as batch_op:
        batch_op.add_column(sa.Column('taken_back', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('assessment_round') as batch_op:
        batch_op.alter_column('counts_answered', server_default=None)
    with op.batch_alter_table('assessment_response') as batch_op:
        batch_op.alter_column('taken_back', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('assessment_response') as batch_op:
        batch_op.drop_column('taken_back')
    with op.batch_alter_table('assessment_round') as batch_op:
        batch_op.drop_column('counts_answered')
