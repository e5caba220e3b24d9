"""What is done before a meeting, and who leads through a line of its agenda."""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meetings_prepared',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('done_at', UtcDateTime(), nullable=False),
    sa.Column('done_by_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'done_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_meetings_prepared_coalition_id_done_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_meetings_prepared_coalition_id_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_meetings_prepared_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings_prepared')),
    sa.UniqueConstraint('meeting_id', 'key', name=op.f('uq_meetings_prepared_meeting_id_key'))
    )
    with op.batch_alter_table('meetings_prepared', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_prepared_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_prepared_done_by_id'), ['done_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meetings_prepared_meeting_id'), ['meeting_id'], unique=False)

    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lead_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_meetings_agenda_item_lead_id'), ['lead_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_meetings_agenda_item_coalition_id_lead_id'), 'coalitions_membership', ['coalition_id', 'lead_id'], ['coalition_id', 'id'], ondelete='RESTRICT')


def downgrade() -> None:
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_meetings_agenda_item_coalition_id_lead_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_meetings_agenda_item_lead_id'))
        batch_op.drop_column('lead_id')

    with op.batch_alter_table('meetings_prepared', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_prepared_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_prepared_done_by_id'))
        batch_op.drop_index(batch_op.f('ix_meetings_prepared_coalition_id'))

    op.drop_table('meetings_prepared')
