"""the language of each answer, and how many answered in each"""

import sqlalchemy as sa
from alembic import op

revision = '0081'
down_revision = '0080'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_language', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('assessment_response', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=12), nullable=False, server_default=''))
    # The defaults were for the rows that were there.
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.alter_column('by_language', server_default=None)
    with op.batch_alter_table('assessment_response', schema=None) as batch_op:
        batch_op.alter_column('language', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('assessment_response', schema=None) as batch_op:
        batch_op.drop_column('language')
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_column('by_language')
