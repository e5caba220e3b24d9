"""second factor: its key's nonce and last step on the account, recovery codes, a coalition's rule"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts_recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['accounts_user.id'], name=op.f('fk_accounts_recovery_code_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts_recovery_code')),
    sa.UniqueConstraint('user_id', 'code_hash', name=op.f('uq_accounts_recovery_code_user_id_code_hash'))
    )
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('second_factor_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('second_factor_nonce', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('second_factor_step', sa.BigInteger(), nullable=False, server_default='0'))
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.alter_column('second_factor_nonce', server_default=None)
        batch_op.alter_column('second_factor_step', server_default=None)
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('coordinators_need_second_factor', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.alter_column('coordinators_need_second_factor', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_column('coordinators_need_second_factor')
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.drop_column('second_factor_step')
        batch_op.drop_column('second_factor_nonce')
        batch_op.drop_column('second_factor_at')
    op.drop_table('accounts_recovery_code')
