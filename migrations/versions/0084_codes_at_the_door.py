"""a nonce of the code that signs people in, so that it is replaced alone"""

import sqlalchemy as sa
from alembic import op

revision = '0084'
down_revision = '0083'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('plan_signup_page', schema=None) as batch_op:
        batch_op.add_column(sa.Column('here_nonce', sa.String(length=43), nullable=False, server_default=''))
    # Until now both codes were made from one.
    op.execute("UPDATE plan_signup_page SET here_nonce = nonce")
    with op.batch_alter_table('plan_signup_page', schema=None) as batch_op:
        batch_op.alter_column('here_nonce', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('plan_signup_page', schema=None) as batch_op:
        batch_op.drop_column('here_nonce')
