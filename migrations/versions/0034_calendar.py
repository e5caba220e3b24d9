"""calendar"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('messages_calendar',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_messages_calendar_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages_calendar')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_messages_calendar_token_hash')),
    sa.UniqueConstraint('user_id', name=op.f('uq_messages_calendar_user_id'))
    )


def downgrade() -> None:
    op.drop_table('messages_calendar')
