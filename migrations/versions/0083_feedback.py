"""for feedback on events: what is asked, the link to answer, and answers until they are counted"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0083'
down_revision = '0082'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_feedback',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('k', sa.Integer(), nullable=False),
    sa.Column('opened_at', UtcDateTime(), nullable=True),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('told', sa.JSON(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('closed_at IS NULL OR opened_at IS NOT NULL', name=op.f('ck_plan_feedback_closed')),
    sa.ForeignKeyConstraint(['coalition_id', 'activity_id'], ['plan_activity.coalition_id', 'plan_activity.id'], name=op.f('fk_plan_feedback_coalition_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'opened_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_plan_feedback_coalition_id_opened_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_feedback_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_feedback')),
    sa.UniqueConstraint('activity_id', name=op.f('uq_plan_feedback_activity_id')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_plan_feedback_coalition_id_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_plan_feedback_token_hash'))
    )
    with op.batch_alter_table('plan_feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_feedback_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_feedback_opened_by_id'), ['opened_by_id'], unique=False)
    op.create_table('plan_feedback_question',
    sa.Column('feedback_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.Enum('levels', 'one', 'several', 'yes_no', name='questionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked', sa.Enum('before', 'after', 'both', name='askedwhen', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('option_1', sa.String(length=120), nullable=False),
    sa.Column('option_2', sa.String(length=120), nullable=False),
    sa.Column('option_3', sa.String(length=120), nullable=False),
    sa.Column('option_4', sa.String(length=120), nullable=False),
    sa.Column('option_5', sa.String(length=120), nullable=False),
    sa.Column('option_6', sa.String(length=120), nullable=False),
    sa.Column('option_7', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_plan_feedback_question_text')),
    sa.ForeignKeyConstraint(['coalition_id', 'feedback_id'], ['plan_feedback.coalition_id', 'plan_feedback.id'], name=op.f('fk_plan_feedback_question_coalition_id_feedback_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_feedback_question_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_feedback_question')),
    sa.UniqueConstraint('feedback_id', 'number', name=op.f('uq_plan_feedback_question_feedback_id_number'))
    )
    with op.batch_alter_table('plan_feedback_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_feedback_question_coalition_id'), ['coalition_id'], unique=False)
    op.create_table('plan_feedback_response',
    sa.Column('feedback_id', sa.Integer(), nullable=False),
    sa.Column('moment', sa.Enum('before', 'after', name='moment', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'feedback_id'], ['plan_feedback.coalition_id', 'plan_feedback.id'], name=op.f('fk_plan_feedback_response_coalition_id_feedback_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_feedback_response_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_feedback_response')),
    sa.UniqueConstraint('feedback_id', 'moment', 'key_hash', name=op.f('uq_plan_feedback_response_feedback_id_moment_key_hash'))
    )
    with op.batch_alter_table('plan_feedback_response', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_feedback_response_coalition_id'), ['coalition_id'], unique=False)


def downgrade() -> None:
    op.drop_table('plan_feedback_response')
    op.drop_table('plan_feedback_question')
    op.drop_table('plan_feedback')
