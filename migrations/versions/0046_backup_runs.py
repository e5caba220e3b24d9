"""backup runs"""

from alembic import op
revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None

NAME = 'ck_operations_run_runkind'


def upgrade() -> None:
    with op.batch_alter_table('operations_run') as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), "kind IN ('tick', 'backup', 'check')")


def downgrade() -> None:
    op.execute("DELETE FROM operations_run WHERE kind IN ('backup', 'check')")
    with op.batch_alter_table('operations_run') as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), "kind IN ('tick')")
