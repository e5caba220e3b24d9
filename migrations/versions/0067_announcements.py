"""for announcements"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messages_announcement',
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('posted_at', UtcDateTime(), nullable=False),
    sa.Column('posted_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_messages_announcement_title')),
    sa.CheckConstraint('group_id IS NULL OR NOT is_public', name=op.f('ck_messages_announcement_public_is_for_everyone')),
    sa.ForeignKeyConstraint(['coalition_id', 'group_id'], ['coalitions_group.coalition_id', 'coalitions_group.id'], name=op.f('fk_messages_announcement_coalition_id_group_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'posted_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_announcement_coalition_id_posted_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_announcement_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_announcement'))
    )
    with op.batch_alter_table('messages_announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_announcement_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_announcement_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_announcement_posted_by_id'), ['posted_by_id'], unique=False)
        batch_op.create_index('ix_messages_announcement_until_on', ['coalition_id', 'until_on'], unique=False)


def downgrade() -> None:
    op.drop_table('messages_announcement')
