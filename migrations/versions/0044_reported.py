"""reports that a text should not be here, and how many of them wait"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coalitions_reported',
    sa.Column('page', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Enum('person', 'case', 'contact', 'hurtful', 'other', name='reportreason', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reported_at', UtcDateTime(), nullable=False),
    sa.Column('reported_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.Enum('kept', 'redacted', name='reportoutcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(closed_at IS NULL) = (outcome IS NULL)', name=op.f('ck_coalitions_reported_closed')),
    sa.ForeignKeyConstraint(['coalition_id', 'closed_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_coalitions_reported_coalition_id_closed_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'reported_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_coalitions_reported_coalition_id_reported_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_coalitions_reported_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coalitions_reported'))
    )
    with op.batch_alter_table('coalitions_reported', schema=None) as batch_op:
        batch_op.create_index('ix_coalitions_reported_closed_at', ['coalition_id', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_reported_closed_by_id'), ['closed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_reported_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_reported_reported_by_id'), ['reported_by_id'], unique=False)
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('texts_reported', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.alter_column('texts_reported', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_column('texts_reported')
    op.drop_table('coalitions_reported')
