"""A coalition adds help lines to the page that says who to call."""

import sqlalchemy as sa
from alembic import op

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coalitions_help_line',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('website', sa.String(length=300), nullable=False),
    sa.Column('for_whom', sa.String(length=200), nullable=False),
    sa.Column('hours', sa.String(length=120), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_coalitions_help_line_name')),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_coalitions_help_line_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coalitions_help_line')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_coalitions_help_line_coalition_id_id'))
    )
    with op.batch_alter_table('coalitions_help_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coalitions_help_line_coalition_id'), ['coalition_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_help_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coalitions_help_line_coalition_id'))

    op.drop_table('coalitions_help_line')
