"""for what a coalition decided about an idea"""

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('toolkit_note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('standing', sa.Enum('kept', 'parked', 'set_aside', name='ideastanding', native_enum=False, create_constraint=True, length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('toolkit_note', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_toolkit_note_ideastanding'), type_='check')
        batch_op.drop_column('standing')
