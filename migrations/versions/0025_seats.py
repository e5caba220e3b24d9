"""what came of an open seat, and how long someone counts as active"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('active_months', sa.Integer(), nullable=False, server_default='6'))
        batch_op.create_check_constraint(batch_op.f('ck_coalitions_coalition_active_months'), 'active_months >= 1 AND active_months <= 24')

    with op.batch_alter_table('partners_seat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outcome', sa.Enum('taken', 'given_up', name='seatoutcome', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch_op.add_column(sa.Column('taken_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=False, server_default=''))
        batch_op.create_index(batch_op.f('ix_partners_seat_taken_by_id'), ['taken_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_partners_seat_coalition_id_taken_by_id'), 'partners_organization', ['coalition_id', 'taken_by_id'], ['coalition_id', 'id'], ondelete='RESTRICT')

    # Of a seat that is closed already no one said who took it.
    op.execute("UPDATE partners_seat SET outcome = 'given_up' WHERE closed_on IS NOT NULL")

    with op.batch_alter_table('partners_seat', schema=None) as batch_op:
        batch_op.alter_column('note', server_default=None)
        batch_op.create_check_constraint(batch_op.f('ck_partners_seat_closed_has_outcome'), '(closed_on IS NULL) = (outcome IS NULL)')
        batch_op.create_check_constraint(batch_op.f('ck_partners_seat_taken_by_somebody'), "taken_by_id IS NULL OR outcome = 'taken'")
    # The defaults were for the rows that were there.
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.alter_column('active_months', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('partners_seat', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_partners_seat_taken_by_somebody'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_partners_seat_closed_has_outcome'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_partners_seat_coalition_id_taken_by_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_partners_seat_taken_by_id'))
        batch_op.drop_column('note')
        batch_op.drop_column('taken_by_id')
        batch_op.drop_constraint(batch_op.f('ck_partners_seat_seatoutcome'), type_='check')
        batch_op.drop_column('outcome')

    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_coalitions_coalition_active_months'), type_='check')
        batch_op.drop_column('active_months')
