"""one name for the states of a single mail: of a notice, an approval or a sign-up"""

from alembic import op
revision = '0101'
down_revision = '0100'
branch_labels = None
depends_on = None

STATES = "mail IN ('none', 'waiting', 'claimed', 'sent', 'failed')"


def upgrade() -> None:
    rename('mailstate', 'letterstate')


def downgrade() -> None:
    rename('letterstate', 'mailstate')


def rename(before: str, after: str) -> None:
    with op.batch_alter_table('plan_signup', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f'ck_plan_signup_{before}'), type_='check')
        batch_op.create_check_constraint(op.f(f'ck_plan_signup_{after}'), STATES)
