"""mail"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messages_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('claimed', 'sent', 'failed', 'unknown', name='mailstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('claimed_at', UtcDateTime(), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.CheckConstraint('tries >= 1', name=op.f('ck_messages_mail_tries')),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_messages_mail_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_mail')),
    sa.UniqueConstraint('user_id', 'day', name=op.f('uq_messages_mail_user_id_day'))
    )
    with op.batch_alter_table('messages_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_mail_claimed_at'), ['claimed_at'], unique=False)

    op.create_table('messages_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('frequency', sa.Enum('off', 'daily', 'weekly', name='frequency', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_messages_setting_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_setting')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_messages_setting_token_hash')),
    sa.UniqueConstraint('user_id', name=op.f('uq_messages_setting_user_id'))
    )
    op.create_table('messages_test',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('finished_at', UtcDateTime(), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_messages_test_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_test')),
    sa.UniqueConstraint('user_id', name=op.f('uq_messages_test_user_id'))
    )


def downgrade() -> None:
    op.drop_table('messages_test')
    op.drop_table('messages_setting')
    with op.batch_alter_table('messages_mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_mail_claimed_at'))

    op.drop_table('messages_mail')
