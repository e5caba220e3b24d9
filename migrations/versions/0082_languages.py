"""the language of an account, of a coalition and of a sign-up; that of the page where mail was asked for says nothing any more"""

import sqlalchemy as sa
from alembic import op

revision = '0082'
down_revision = '0081'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, usual in (('accounts_user', ''), ('coalitions_coalition', 'en'), ('plan_signup', '')):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('language', sa.String(length=10), server_default=usual, nullable=False))
    with op.batch_alter_table('messages_setting', schema=None) as batch_op:
        batch_op.drop_column('language')


def downgrade() -> None:
    with op.batch_alter_table('messages_setting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=10), server_default='en', nullable=False))
    with op.batch_alter_table('messages_setting', schema=None) as batch_op:
        batch_op.alter_column('language', server_default=None)
    for table in ('plan_signup', 'coalitions_coalition', 'accounts_user'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('language')
