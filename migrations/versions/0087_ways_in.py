"""when someone else let a person into an account, notices about others, each published sum"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0087'
down_revision = '0086'
branch_labels = None
depends_on = None

NAME = 'ck_accounts_notice_noticekind'
BEFORE = (
    "kind IN ('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'link_asked', 'second_factor_on', "
    "'second_factor_off', 'recovery_codes', 'recovery_code_used')"
)
NEW = "'link_for_someone', 'second_factor_off_for_someone', 'coordinator_link'"


def upgrade() -> None:
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('let_in_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('mail_is_own', sa.Boolean(), nullable=False, server_default=sa.true()))
    # A link that someone else made was ended when it was used; one that ended unused counts, too, to be safe.
    op.execute(
        "UPDATE accounts_user SET let_in_at = (SELECT max(used_at) FROM accounts_password_link"
        " WHERE accounts_password_link.user_id = accounts_user.id AND nonce = ''"
        " AND (made_by_id IS NULL OR made_by_id <> accounts_user.id))"
    )
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_accounts_notice_about_id'), ['about_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_accounts_notice_about_id'), 'accounts_user', ['about_id'], ['id'], ondelete='CASCADE')
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), f"{BEFORE[:-1]}, {NEW})")
    with op.batch_alter_table('operations_network_sum', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_operations_network_sum_kind'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_operations_network_sum_kind_counted_at'), ['kind', 'counted_at'])


def downgrade() -> None:
    # The older version keeps one sum of each count: the newest.
    op.execute(
        "DELETE FROM operations_network_sum WHERE EXISTS (SELECT 1 FROM operations_network_sum AS later"
        " WHERE later.kind = operations_network_sum.kind AND later.counted_at > operations_network_sum.counted_at)"
    )
    with op.batch_alter_table('operations_network_sum', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_operations_network_sum_kind_counted_at'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_operations_network_sum_kind'), ['kind'])
    op.execute(f"DELETE FROM accounts_notice WHERE kind IN ({NEW})")
    with op.batch_alter_table('accounts_notice', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), BEFORE)
        batch_op.drop_constraint(batch_op.f('fk_accounts_notice_about_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_accounts_notice_about_id'))
        batch_op.drop_column('about_id')
    with op.batch_alter_table('accounts_user', schema=None) as batch_op:
        batch_op.drop_column('mail_is_own')
        batch_op.drop_column('let_in_at')
