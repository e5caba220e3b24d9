"""links in mails by which people say how an action is going, and a mark on the updates that come of them"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0102'
down_revision = '0101'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messages_action_link',
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('action_version', sa.Integer(), nullable=False),
    sa.Column('address_key', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.Column('said', sa.Enum('on_track', 'done', 'stuck', 'new_date', name='quickanswer', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('copy_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('said IS NULL OR used_at IS NOT NULL', name=op.f('ck_messages_action_link_said')),
    sa.ForeignKeyConstraint(['coalition_id', 'action_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_messages_action_link_coalition_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_messages_action_link_coalition_id_membership_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_messages_action_link_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_action_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_messages_action_link_token_hash'))
    )
    with op.batch_alter_table('messages_action_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_action_link_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_action_link_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_action_link_made_at'), ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_action_link_membership_id'), ['membership_id'], unique=False)

    with op.batch_alter_table('plan_update', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_by_mail', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index('ix_plan_update_by_mail', ['coalition_id', 'is_by_mail', 'written_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('plan_update', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_update_by_mail')
        batch_op.drop_column('is_by_mail')

    with op.batch_alter_table('messages_action_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_action_link_membership_id'))
        batch_op.drop_index(batch_op.f('ix_messages_action_link_made_at'))
        batch_op.drop_index(batch_op.f('ix_messages_action_link_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_messages_action_link_action_id'))

    op.drop_table('messages_action_link')
