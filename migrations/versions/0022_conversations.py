"""conversations and the search of organizations"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

# What an organization is found by: its name, its services and its counties.
SEARCH = """
UPDATE partners_organization SET search_key = sort_key || ' ' || COALESCE((
    SELECT {together}(tag.sort_key, ' ') FROM partners_organization_tag AS tag
    WHERE tag.organization_id = partners_organization.id AND tag.kind IN ('service', 'county')), '')
"""


def upgrade() -> None:
    with op.batch_alter_table('partners_conversation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('with_whom', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('partners_organization', schema=None) as batch_op:
        batch_op.add_column(sa.Column('search_key', sa.Text(), nullable=False, server_default=''))

    sqlite = op.get_bind().dialect.name == 'sqlite'
    op.execute(SEARCH.format(together='group_concat' if sqlite else 'string_agg'))

    # The defaults were for the rows that were there.
    with op.batch_alter_table('partners_conversation', schema=None) as batch_op:
        for column in ('with_whom', 'version'):
            batch_op.alter_column(column, server_default=None)
    with op.batch_alter_table('partners_organization', schema=None) as batch_op:
        batch_op.alter_column('search_key', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('partners_organization', schema=None) as batch_op:
        batch_op.drop_column('search_key')
    with op.batch_alter_table('partners_conversation', schema=None) as batch_op:
        batch_op.drop_column('version')
        batch_op.drop_column('with_whom')
