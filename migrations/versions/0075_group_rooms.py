"""a group is a room: goals and actions of a group, what a person does in it, who asks to join it"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0075'
down_revision = '0074'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coalitions_group_ask',
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.Column('is_welcome', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('answered_at IS NOT NULL OR NOT is_welcome', name=op.f('ck_coalitions_group_ask_welcome_is_answered')),
    sa.ForeignKeyConstraint(['coalition_id', 'group_id'], ['coalitions_group.coalition_id', 'coalitions_group.id'], name=op.f('fk_coalitions_group_ask_coalition_id_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_coalitions_group_ask_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_coalitions_group_ask_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coalitions_group_ask')),
    sa.UniqueConstraint('group_id', 'membership_id', name=op.f('uq_coalitions_group_ask_group_id_membership_id'))
    )
    with op.batch_alter_table('coalitions_group_ask', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coalitions_group_ask_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_group_ask_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_group_ask_membership_id'), ['membership_id'], unique=False)

    with op.batch_alter_table('coalitions_group', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_open', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('coalitions_group_member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('title', sa.String(length=80), server_default='', nullable=False))

    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_action_group_id'), ['group_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_plan_action_coalition_id_group_id'), 'coalitions_group', ['coalition_id', 'group_id'], ['coalition_id', 'id'], ondelete='RESTRICT')

    with op.batch_alter_table('plan_goal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_goal_group_id'), ['group_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_plan_goal_coalition_id_group_id'), 'coalitions_group', ['coalition_id', 'group_id'], ['coalition_id', 'id'], ondelete='RESTRICT')


def downgrade() -> None:
    with op.batch_alter_table('plan_goal', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_plan_goal_coalition_id_group_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_plan_goal_group_id'))
        batch_op.drop_column('group_id')

    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_plan_action_coalition_id_group_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_plan_action_group_id'))
        batch_op.drop_column('group_id')

    with op.batch_alter_table('coalitions_group_member', schema=None) as batch_op:
        batch_op.drop_column('title')

    with op.batch_alter_table('coalitions_group', schema=None) as batch_op:
        batch_op.drop_column('is_open')

    op.drop_table('coalitions_group_ask')
