"""People say whether they are coming to a meeting."""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meetings_reply',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('yes', 'online', 'perhaps', 'no', name='coming', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('answered_for', UtcDateTime(), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=False),
    sa.Column('wants_reminder', sa.Boolean(), nullable=False),
    sa.Column('reminded_for', UtcDateTime(), nullable=True),
    sa.Column('remind_tries', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('remind_tries >= 0', name=op.f('ck_meetings_reply_remind_tries')),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_meetings_reply_coalition_id_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_meetings_reply_coalition_id_membership_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_meetings_reply_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings_reply')),
    sa.UniqueConstraint('meeting_id', 'membership_id', name=op.f('uq_meetings_reply_meeting_id_membership_id'))
    )
    with op.batch_alter_table('meetings_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_reply_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_reply_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_reply_membership_id'), ['membership_id'], unique=False)


def downgrade() -> None:
    op.drop_table('meetings_reply')
