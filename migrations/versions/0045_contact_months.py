"""for how long a former member's contacts are kept"""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contact_months', sa.Integer(), nullable=True, server_default='12'))
        batch_op.create_check_constraint(batch_op.f('ck_coalitions_coalition_contact_months'), 'contact_months >= 1 AND contact_months <= 24')
    # The default was for the rows that were there.
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.alter_column('contact_months', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_coalitions_coalition_contact_months'), type_='check')
        batch_op.drop_column('contact_months')
