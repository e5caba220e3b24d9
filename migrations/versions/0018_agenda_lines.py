"""Lines of agendas say what is to be written down at their end, and who added them."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('output', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('created_by_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_meetings_agenda_item_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_meetings_agenda_item_coalition_id_created_by_id'), 'coalitions_membership', ['coalition_id', 'created_by_id'], ['coalition_id', 'id'], ondelete='RESTRICT')

    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.alter_column('output', existing_type=sa.String(length=300), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_meetings_agenda_item_coalition_id_created_by_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_meetings_agenda_item_created_by_id'))
        batch_op.drop_column('created_by_id')
        batch_op.drop_column('output')
