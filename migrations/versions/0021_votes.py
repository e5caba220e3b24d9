"""Votes on needs, their slips and ballots."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('strengths_vote',
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('method', sa.Enum('rating', 'dots', name='votemethod', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('access', sa.Enum('open', 'codes', name='voteaccess', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('dots', sa.Integer(), nullable=True),
    sa.Column('dots_each', sa.Integer(), nullable=True),
    sa.Column('shows_order', sa.Boolean(), nullable=False),
    sa.Column('people_here', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('prepared', 'open', 'closed', name='votestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('token', sa.String(length=16), nullable=False),
    sa.Column('opened_at', UtcDateTime(), nullable=True),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('ballots', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(method = 'dots') = (dots IS NOT NULL)", name=op.f('ck_strengths_vote_dots_have_number')),
    sa.CheckConstraint("(state = 'closed') = (ballots IS NOT NULL)", name=op.f('ck_strengths_vote_closed_has_count')),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_strengths_vote_closed_has_time')),
    sa.CheckConstraint("(state = 'prepared') = (opened_at IS NULL)", name=op.f('ck_strengths_vote_opened_has_time')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_strengths_vote_title')),
    sa.CheckConstraint('(dots IS NULL) = (dots_each IS NULL)', name=op.f('ck_strengths_vote_dots_have_limit')),
    sa.CheckConstraint('dots IS NULL OR (dots_each >= 1 AND dots_each <= dots AND dots <= 20)', name=op.f('ck_strengths_vote_dots')),
    sa.CheckConstraint('people_here IS NULL OR (people_here >= 0 AND people_here <= 5000)', name=op.f('ck_strengths_vote_people_here')),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_strengths_vote_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_strengths_vote_coalition_id_meeting_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_vote_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_vote')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_strengths_vote_coalition_id_id')),
    sa.UniqueConstraint('token', name=op.f('uq_strengths_vote_token'))
    )
    with op.batch_alter_table('strengths_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_vote_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_vote_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_vote_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('strengths_vote_code',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'vote_id'], ['strengths_vote.coalition_id', 'strengths_vote.id'], name=op.f('fk_strengths_vote_code_coalition_id_vote_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_vote_code_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_vote_code')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_strengths_vote_code_coalition_id_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_strengths_vote_code_token_hash'))
    )
    with op.batch_alter_table('strengths_vote_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_vote_code_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_vote_code_vote_id'), ['vote_id'], unique=False)

    op.create_table('strengths_vote_need',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('hands', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('voters', sa.Integer(), nullable=True),
    sa.Column('importance', sa.Double(), nullable=True),
    sa.Column('feasibility', sa.Double(), nullable=True),
    sa.Column('dots', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(importance IS NULL) = (feasibility IS NULL)', name=op.f('ck_strengths_vote_need_rated_whole')),
    sa.CheckConstraint('dots IS NULL OR (dots >= 0 AND importance IS NULL)', name=op.f('ck_strengths_vote_need_dots')),
    sa.CheckConstraint('feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)', name=op.f('ck_strengths_vote_need_feasibility')),
    sa.CheckConstraint('hands IS NULL OR by_hand', name=op.f('ck_strengths_vote_need_hands_counted_by_hand')),
    sa.CheckConstraint('importance IS NULL OR (importance >= 1 AND importance <= 5)', name=op.f('ck_strengths_vote_need_importance')),
    sa.CheckConstraint('voters IS NULL OR voters >= 0', name=op.f('ck_strengths_vote_need_voters')),
    sa.ForeignKeyConstraint(['coalition_id', 'need_id'], ['strengths_need.coalition_id', 'strengths_need.id'], name=op.f('fk_strengths_vote_need_coalition_id_need_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'vote_id'], ['strengths_vote.coalition_id', 'strengths_vote.id'], name=op.f('fk_strengths_vote_need_coalition_id_vote_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_vote_need_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_vote_need')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_strengths_vote_need_coalition_id_id')),
    sa.UniqueConstraint('vote_id', 'need_id', name=op.f('uq_strengths_vote_need_vote_id_need_id'))
    )
    with op.batch_alter_table('strengths_vote_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_vote_need_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_vote_need_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_vote_need_vote_id'), ['vote_id'], unique=False)

    op.create_table('strengths_ballot',
    sa.Column('vote_id', sa.Integer(), nullable=False),
    sa.Column('code_id', sa.Integer(), nullable=True),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_strengths_ballot_revision')),
    sa.ForeignKeyConstraint(['coalition_id', 'code_id'], ['strengths_vote_code.coalition_id', 'strengths_vote_code.id'], name=op.f('fk_strengths_ballot_coalition_id_code_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'vote_id'], ['strengths_vote.coalition_id', 'strengths_vote.id'], name=op.f('fk_strengths_ballot_coalition_id_vote_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_ballot_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_ballot')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_strengths_ballot_coalition_id_id')),
    sa.UniqueConstraint('code_id', name=op.f('uq_strengths_ballot_code_id')),
    sa.UniqueConstraint('vote_id', 'key_hash', name=op.f('uq_strengths_ballot_vote_id_key_hash'))
    )
    with op.batch_alter_table('strengths_ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_ballot_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_ballot_code_id'), ['code_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_ballot_vote_id'), ['vote_id'], unique=False)

    op.create_table('strengths_ballot_rating',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('vote_need_id', sa.Integer(), nullable=False),
    sa.Column('importance', sa.Integer(), nullable=True),
    sa.Column('feasibility', sa.Integer(), nullable=True),
    sa.Column('dots', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(dots IS NULL) = (importance IS NOT NULL)', name=op.f('ck_strengths_ballot_rating_rated_or_dots')),
    sa.CheckConstraint('(importance IS NULL) = (feasibility IS NULL)', name=op.f('ck_strengths_ballot_rating_rated_whole')),
    sa.CheckConstraint('dots IS NULL OR dots >= 1', name=op.f('ck_strengths_ballot_rating_dots')),
    sa.CheckConstraint('feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)', name=op.f('ck_strengths_ballot_rating_feasibility')),
    sa.CheckConstraint('importance IS NULL OR (importance >= 1 AND importance <= 5)', name=op.f('ck_strengths_ballot_rating_importance')),
    sa.ForeignKeyConstraint(['coalition_id', 'ballot_id'], ['strengths_ballot.coalition_id', 'strengths_ballot.id'], name=op.f('fk_strengths_ballot_rating_coalition_id_ballot_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'vote_need_id'], ['strengths_vote_need.coalition_id', 'strengths_vote_need.id'], name=op.f('fk_strengths_ballot_rating_coalition_id_vote_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_ballot_rating_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_ballot_rating')),
    sa.UniqueConstraint('ballot_id', 'vote_need_id', name=op.f('uq_strengths_ballot_rating_ballot_id_vote_need_id'))
    )
    with op.batch_alter_table('strengths_ballot_rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_ballot_rating_ballot_id'), ['ballot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_ballot_rating_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_ballot_rating_vote_need_id'), ['vote_need_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('strengths_ballot_rating', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_ballot_rating_vote_need_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_ballot_rating_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_ballot_rating_ballot_id'))

    op.drop_table('strengths_ballot_rating')
    with op.batch_alter_table('strengths_ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_ballot_vote_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_ballot_code_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_ballot_coalition_id'))

    op.drop_table('strengths_ballot')
    with op.batch_alter_table('strengths_vote_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_vote_need_vote_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_vote_need_need_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_vote_need_coalition_id'))

    op.drop_table('strengths_vote_need')
    with op.batch_alter_table('strengths_vote_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_vote_code_vote_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_vote_code_coalition_id'))

    op.drop_table('strengths_vote_code')
    with op.batch_alter_table('strengths_vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_vote_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_vote_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_vote_coalition_id'))

    op.drop_table('strengths_vote')
