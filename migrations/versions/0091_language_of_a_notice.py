"""the language of the page on which a person asked for a link, or did what a notice tells, for the mail about it"""

import sqlalchemy as sa
from alembic import op

revision = '0091'
down_revision = '0088'
branch_labels = None
depends_on = None


_TABLES = ['accounts_asked_link', 'accounts_notice']


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('language', sa.String(length=10), nullable=False, server_default=''))


def downgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('language')
