"""the marks of forms that were sent, so that none is carried out twice"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0107'
down_revision = '0104'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('web_sent_form',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('sent_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_web_sent_form'))
    )
    with op.batch_alter_table('web_sent_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_sent_form_sent_at'), ['sent_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('web_sent_form', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_web_sent_form_sent_at'))

    op.drop_table('web_sent_form')
