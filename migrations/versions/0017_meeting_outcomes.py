"""What meetings lead to: actions of a decision or a line, agreed values and the adopted plan by their meeting."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('assessment_agreed_value', schema=None) as batch_op:
        batch_op.add_column(sa.Column('meeting_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_assessment_agreed_value_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_assessment_agreed_value_coalition_id_meeting_id'), 'meetings_meeting', ['coalition_id', 'meeting_id'], ['coalition_id', 'id'], ondelete='RESTRICT')

    # A line goes on in one other from here on: the first that took it up.
    op.execute(
        "UPDATE meetings_agenda_item SET carried_from_id = NULL WHERE carried_from_id IS NOT NULL"
        " AND id NOT IN (SELECT min(id) FROM meetings_agenda_item GROUP BY carried_from_id)"
    )
    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_agenda_item_carried_from_id'))
        batch_op.create_unique_constraint(batch_op.f('uq_meetings_agenda_item_carried_from_id'), ['carried_from_id'])

    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decision_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('agenda_item_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_action_agenda_item_id'), ['agenda_item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_action_decision_id'), ['decision_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_plan_action_coalition_id_agenda_item_id'), 'meetings_agenda_item', ['coalition_id', 'agenda_item_id'], ['coalition_id', 'id'], ondelete='RESTRICT')
        batch_op.create_foreign_key(batch_op.f('fk_plan_action_coalition_id_decision_id'), 'meetings_decision', ['coalition_id', 'decision_id'], ['coalition_id', 'id'], ondelete='RESTRICT')

    with op.batch_alter_table('plan_plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('meeting_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_plan_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_plan_plan_coalition_id_meeting_id'), 'meetings_meeting', ['coalition_id', 'meeting_id'], ['coalition_id', 'id'], ondelete='RESTRICT')



def downgrade() -> None:
    with op.batch_alter_table('plan_plan', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_plan_plan_coalition_id_meeting_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_plan_plan_meeting_id'))
        batch_op.drop_column('meeting_id')

    with op.batch_alter_table('plan_action', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_plan_action_coalition_id_decision_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_plan_action_coalition_id_agenda_item_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_plan_action_decision_id'))
        batch_op.drop_index(batch_op.f('ix_plan_action_agenda_item_id'))
        batch_op.drop_column('agenda_item_id')
        batch_op.drop_column('decision_id')

    with op.batch_alter_table('meetings_agenda_item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_meetings_agenda_item_carried_from_id'), type_='unique')
        batch_op.create_index(batch_op.f('ix_meetings_agenda_item_carried_from_id'), ['carried_from_id'], unique=False)

    with op.batch_alter_table('assessment_agreed_value', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assessment_agreed_value_coalition_id_meeting_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_assessment_agreed_value_meeting_id'))
        batch_op.drop_column('meeting_id')

