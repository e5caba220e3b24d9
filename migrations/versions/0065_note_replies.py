"""Members reply to shared notes."""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('toolkit_reply',
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_toolkit_reply_text')),
    sa.ForeignKeyConstraint(['coalition_id', 'author_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_toolkit_reply_coalition_id_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'note_id'], ['toolkit_note.coalition_id', 'toolkit_note.id'], name=op.f('fk_toolkit_reply_coalition_id_note_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_toolkit_reply_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_toolkit_reply'))
    )
    with op.batch_alter_table('toolkit_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_toolkit_reply_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_reply_note_id'), ['note_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_reply_author_id'), ['author_id'], unique=False)


def downgrade() -> None:
    op.drop_table('toolkit_reply')
