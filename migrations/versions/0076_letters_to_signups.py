"""for letters to people who signed up for an event"""

import sqlalchemy as sa
from alembic import op

revision = '0076'
down_revision = '0075'
branch_labels = None
depends_on = None

NAME = 'ck_messages_letter_to_one_person'
ONE = (
    "CASE WHEN membership_id IS NULL THEN 0 ELSE 1 END + CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN signup_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    with op.batch_alter_table('messages_letter_to', schema=None) as batch_op:
        batch_op.add_column(sa.Column('signup_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), ONE)
        batch_op.create_index(batch_op.f('ix_messages_letter_to_signup_id'), ['signup_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_messages_letter_to_letter_id_signup_id'), ['letter_id', 'signup_id'])
        batch_op.create_foreign_key(batch_op.f('fk_messages_letter_to_coalition_id_signup_id'), 'plan_signup', ['coalition_id', 'signup_id'], ['coalition_id', 'id'], ondelete='CASCADE')


def downgrade() -> None:
    # The older version writes to members and people invited alone.
    op.execute("DELETE FROM messages_letter_to WHERE signup_id IS NOT NULL")
    with op.batch_alter_table('messages_letter_to', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_messages_letter_to_coalition_id_signup_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_messages_letter_to_letter_id_signup_id'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_messages_letter_to_signup_id'))
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), '(membership_id IS NULL) <> (invitation_id IS NULL)')
        batch_op.drop_column('signup_id')
