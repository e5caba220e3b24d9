"""reviews of a plan"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_review',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('assess_on', sa.Date(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('until >= since', name=op.f('ck_plan_review_period')),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_plan_review_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_plan_review_coalition_id_meeting_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'plan_id'], ['plan_plan.coalition_id', 'plan_plan.id'], name=op.f('fk_plan_review_coalition_id_plan_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_review_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_review')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_plan_review_coalition_id_id'))
    )
    with op.batch_alter_table('plan_review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_review_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_review_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index('ix_plan_review_held', ['coalition_id', 'held_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_review_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_review_plan_id'), ['plan_id'], unique=False)

    op.create_table('plan_review_note',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_plan_review_note_text')),
    sa.ForeignKeyConstraint(['coalition_id', 'goal_id'], ['plan_goal.coalition_id', 'plan_goal.id'], name=op.f('fk_plan_review_note_coalition_id_goal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'review_id'], ['plan_review.coalition_id', 'plan_review.id'], name=op.f('fk_plan_review_note_coalition_id_review_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_review_note_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_review_note')),
    sa.UniqueConstraint('review_id', 'goal_id', name=op.f('uq_plan_review_note_review_id_goal_id'))
    )
    with op.batch_alter_table('plan_review_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_review_note_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_review_note_goal_id'), ['goal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_review_note_review_id'), ['review_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('plan_review_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_review_note_review_id'))
        batch_op.drop_index(batch_op.f('ix_plan_review_note_goal_id'))
        batch_op.drop_index(batch_op.f('ix_plan_review_note_coalition_id'))

    op.drop_table('plan_review_note')
    with op.batch_alter_table('plan_review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_review_plan_id'))
        batch_op.drop_index(batch_op.f('ix_plan_review_meeting_id'))
        batch_op.drop_index('ix_plan_review_held')
        batch_op.drop_index(batch_op.f('ix_plan_review_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_plan_review_coalition_id'))

    op.drop_table('plan_review')
