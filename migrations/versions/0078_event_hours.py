"""for the hours that members gave to an activity"""

import sqlalchemy as sa
from alembic import op

revision = '0078'
down_revision = '0077'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_activity_hours',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('hours', sa.Double(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('hours > 0', name=op.f('ck_plan_activity_hours_hours')),
    sa.ForeignKeyConstraint(['coalition_id', 'activity_id'], ['plan_activity.coalition_id', 'plan_activity.id'], name=op.f('fk_plan_activity_hours_coalition_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_plan_activity_hours_coalition_id_membership_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_activity_hours_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_activity_hours')),
    sa.UniqueConstraint('activity_id', 'membership_id', name=op.f('uq_plan_activity_hours_activity_id_membership_id'))
    )
    with op.batch_alter_table('plan_activity_hours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_activity_hours_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_activity_hours_membership_id'), ['membership_id'], unique=False)


def downgrade() -> None:
    op.drop_table('plan_activity_hours')
