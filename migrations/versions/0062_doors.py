"""for answering without an account: doors, slips, guests, what coordinators see of them, and how many began"""

import sqlalchemy as sa
from alembic import op

revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment_start_count',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('hour', sa.DateTime(timezone=True), nullable=False),
    sa.Column('starts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_assessment_start_count'))
    )
    with op.batch_alter_table('assessment_start_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_start_count_hour'), ['hour'], unique=False)

    op.create_table('assessment_door',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('link', 'slips', name='doorkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('crowded_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'opened_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_assessment_door_coalition_id_opened_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_door_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_door_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_door')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_assessment_door_coalition_id_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_assessment_door_token_hash'))
    )
    with op.batch_alter_table('assessment_door', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_door_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_door_opened_by_id'), ['opened_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_door_round_id'), ['round_id'], unique=False)
        batch_op.create_index('uq_assessment_door_open', ['round_id', 'kind'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('assessment_tally',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_tally_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_tally_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_tally')),
    sa.UniqueConstraint('round_id', name=op.f('uq_assessment_tally_round_id'))
    )
    with op.batch_alter_table('assessment_tally', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_tally_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('assessment_guest',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('response_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('link', 'slips', name='doorkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('resume_hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'response_id'], ['assessment_response.coalition_id', 'assessment_response.id'], name=op.f('fk_assessment_guest_coalition_id_response_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_guest_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_guest_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_guest')),
    sa.UniqueConstraint('response_id', name=op.f('uq_assessment_guest_response_id')),
    sa.UniqueConstraint('round_id', 'key_hash', name=op.f('uq_assessment_guest_round_id_key_hash')),
    sa.UniqueConstraint('round_id', 'resume_hash', name=op.f('uq_assessment_guest_round_id_resume_hash'))
    )
    with op.batch_alter_table('assessment_guest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_guest_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_guest_round_id'), ['round_id'], unique=False)

    op.create_table('assessment_slip',
    sa.Column('door_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'door_id'], ['assessment_door.coalition_id', 'assessment_door.id'], name=op.f('fk_assessment_slip_coalition_id_door_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_slip_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_slip')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_assessment_slip_code_hash'))
    )
    with op.batch_alter_table('assessment_slip', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_slip_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_slip_door_id'), ['door_id'], unique=False)

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link_left_out', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('by_link', sa.Integer(), nullable=False, server_default='0'))
    # The defaults were for the rounds that were there.
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.alter_column('link_left_out', server_default=None)
        batch_op.alter_column('by_link', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_column('by_link')
        batch_op.drop_column('link_left_out')

    with op.batch_alter_table('assessment_slip', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_slip_door_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_slip_coalition_id'))

    op.drop_table('assessment_slip')
    with op.batch_alter_table('assessment_guest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_guest_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_guest_coalition_id'))

    op.drop_table('assessment_guest')
    with op.batch_alter_table('assessment_tally', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_tally_coalition_id'))

    op.drop_table('assessment_tally')
    with op.batch_alter_table('assessment_door', schema=None) as batch_op:
        batch_op.drop_index('uq_assessment_door_open', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_assessment_door_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_door_opened_by_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_door_coalition_id'))

    op.drop_table('assessment_door')
    with op.batch_alter_table('assessment_start_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_start_count_hour'))

    op.drop_table('assessment_start_count')