"""for what a coalition says of itself, its positions, and who accepted the confidentiality statement"""

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coalitions_about',
    sa.Column('structure_note', sa.Text(), nullable=False),
    sa.Column('joining', sa.Text(), nullable=False),
    sa.Column('expectations', sa.Text(), nullable=False),
    sa.Column('open_meetings', sa.Text(), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('statement_number', sa.Integer(), nullable=False),
    sa.Column('public_parts', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_coalitions_about_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coalitions_about')),
    sa.UniqueConstraint('coalition_id', name=op.f('uq_coalitions_about_coalition_id'))
    )
    with op.batch_alter_table('coalitions_about', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coalitions_about_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('coalitions_position',
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('stand_in_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_coalitions_position_title')),
    sa.CheckConstraint('until IS NULL OR since IS NULL OR until >= since', name=op.f('ck_coalitions_position_until')),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_coalitions_position_coalition_id_membership_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'stand_in_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_coalitions_position_coalition_id_stand_in_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_coalitions_position_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coalitions_position')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_coalitions_position_coalition_id_id'))
    )
    with op.batch_alter_table('coalitions_position', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coalitions_position_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_position_membership_id'), ['membership_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coalitions_position_stand_in_id'), ['stand_in_id'], unique=False)

    with op.batch_alter_table('coalitions_membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('accepted_number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('accepted_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('named_in_public', sa.Boolean(), nullable=False, server_default=sa.false()))
    # The default was for the people who were there.
    with op.batch_alter_table('coalitions_membership', schema=None) as batch_op:
        batch_op.alter_column('named_in_public', server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('coalitions_membership', schema=None) as batch_op:
        batch_op.drop_column('named_in_public')
        batch_op.drop_column('accepted_on')
        batch_op.drop_column('accepted_number')

    with op.batch_alter_table('coalitions_position', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coalitions_position_stand_in_id'))
        batch_op.drop_index(batch_op.f('ix_coalitions_position_membership_id'))
        batch_op.drop_index(batch_op.f('ix_coalitions_position_coalition_id'))

    op.drop_table('coalitions_position')
    with op.batch_alter_table('coalitions_about', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coalitions_about_coalition_id'))

    op.drop_table('coalitions_about')
