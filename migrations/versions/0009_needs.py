"""Needs, matches and what they hang on: more of strengths, the plan's ties to needs."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('strengths_need',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('indicator', sa.String(length=60), nullable=False),
    sa.Column('stated_gap', sa.Integer(), nullable=True),
    sa.Column('importance', sa.Double(), nullable=True),
    sa.Column('feasibility', sa.Double(), nullable=True),
    sa.Column('rating_source', sa.Enum('hand', 'vote', name='ratingsource', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('rated_on', sa.Date(), nullable=True),
    sa.Column('no_strength_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closed_reason', sa.Text(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(round_id IS NULL) = (indicator = '')", name=op.f('ck_strengths_need_indicator_of_round')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_strengths_need_title')),
    sa.CheckConstraint('(importance IS NULL) = (feasibility IS NULL)', name=op.f('ck_strengths_need_rated_whole')),
    sa.CheckConstraint('(importance IS NULL) = (rated_on IS NULL)', name=op.f('ck_strengths_need_rating_has_date')),
    sa.CheckConstraint('(importance IS NULL) = (rating_source IS NULL)', name=op.f('ck_strengths_need_rating_has_source')),
    sa.CheckConstraint('(round_id IS NULL) = (stated_gap IS NOT NULL)', name=op.f('ck_strengths_need_gap_by_hand')),
    sa.CheckConstraint('feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)', name=op.f('ck_strengths_need_feasibility')),
    sa.CheckConstraint('importance IS NULL OR (importance >= 1 AND importance <= 5)', name=op.f('ck_strengths_need_importance')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_strengths_need_number')),
    sa.CheckConstraint('stated_gap IS NULL OR (stated_gap >= 1 AND stated_gap <= 4)', name=op.f('ck_strengths_need_stated_gap')),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_strengths_need_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_strengths_need_coalition_id_round_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_need_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_need')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_strengths_need_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'number', name=op.f('uq_strengths_need_coalition_id_number')),
    sa.UniqueConstraint('round_id', 'indicator', name=op.f('uq_strengths_need_round_id_indicator'))
    )
    with op.batch_alter_table('strengths_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_need_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_need_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_need_round_id'), ['round_id'], unique=False)

    op.create_table('plan_goal_need',
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'goal_id'], ['plan_goal.coalition_id', 'plan_goal.id'], name=op.f('fk_plan_goal_need_coalition_id_goal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'need_id'], ['strengths_need.coalition_id', 'strengths_need.id'], name=op.f('fk_plan_goal_need_coalition_id_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_goal_need_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_goal_need')),
    sa.UniqueConstraint('goal_id', 'need_id', name=op.f('uq_plan_goal_need_goal_id_need_id'))
    )
    with op.batch_alter_table('plan_goal_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_goal_need_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_goal_need_goal_id'), ['goal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_goal_need_need_id'), ['need_id'], unique=False)

    op.create_table('strengths_match',
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('strength_id', sa.Integer(), nullable=False),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('ask_id', sa.Integer(), nullable=True),
    sa.Column('ask', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('to_ask', 'asked', 'agreed', 'declined', name='matchstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'to_ask' OR asked_on IS NULL", name=op.f('ck_strengths_match_asked_has_date')),
    sa.ForeignKeyConstraint(['coalition_id', 'ask_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_strengths_match_coalition_id_ask_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'created_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_strengths_match_coalition_id_created_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'need_id'], ['strengths_need.coalition_id', 'strengths_need.id'], name=op.f('fk_strengths_match_coalition_id_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'strength_id'], ['strengths_strength.coalition_id', 'strengths_strength.id'], name=op.f('fk_strengths_match_coalition_id_strength_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_match_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_match')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_strengths_match_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'need_id', 'id', name=op.f('uq_strengths_match_coalition_id_need_id_id')),
    sa.UniqueConstraint('need_id', 'strength_id', name=op.f('uq_strengths_match_need_id_strength_id'))
    )
    with op.batch_alter_table('strengths_match', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_match_ask_id'), ['ask_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_match_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_match_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_match_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_match_strength_id'), ['strength_id'], unique=False)

    op.create_table('strengths_strength_area',
    sa.Column('strength_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=60), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("area <> ''", name=op.f('ck_strengths_strength_area_area')),
    sa.ForeignKeyConstraint(['coalition_id', 'strength_id'], ['strengths_strength.coalition_id', 'strengths_strength.id'], name=op.f('fk_strengths_strength_area_coalition_id_strength_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_strength_area_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_strength_area')),
    sa.UniqueConstraint('strength_id', 'area', name=op.f('uq_strengths_strength_area_strength_id_area'))
    )
    with op.batch_alter_table('strengths_strength_area', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_strength_area_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_strength_area_strength_id'), ['strength_id'], unique=False)

    with op.batch_alter_table('plan_action') as batch_op:
        batch_op.add_column(sa.Column('need_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('match_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_action_match_id'), ['match_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_action_need_id'), ['need_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_plan_action_coalition_id_need_id'), 'strengths_need', ['coalition_id', 'need_id'], ['coalition_id', 'id'], ondelete='RESTRICT')
        batch_op.create_foreign_key(batch_op.f('fk_plan_action_coalition_id_need_id_match_id'), 'strengths_match', ['coalition_id', 'need_id', 'match_id'], ['coalition_id', 'need_id', 'id'], ondelete='RESTRICT')
        batch_op.create_check_constraint(op.f('ck_plan_action_match_of_need'), 'match_id IS NULL OR need_id IS NOT NULL')

    with op.batch_alter_table('strengths_strength') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('people', 'organization', 'place', 'money', 'knowledge', 'relationship', name='strengthkind', native_enum=False, create_constraint=True, length=40), nullable=True))
        batch_op.add_column(sa.Column('indicator', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('limits', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('withdrawn_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('created_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_index(batch_op.f('ix_strengths_strength_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_strengths_strength_coalition_id_created_by_id'), 'coalitions_membership', ['coalition_id', 'created_by_id'], ['coalition_id', 'id'], ondelete='RESTRICT')

    # The defaults were for the rows that were there; what is offered was said by its giver.
    with op.batch_alter_table('strengths_strength') as batch_op:
        for column in ('indicator', 'limits', 'version'):
            batch_op.alter_column(column, server_default=None)
    op.execute('UPDATE strengths_strength SET created_by_id = giver_id')


def downgrade() -> None:
    with op.batch_alter_table('strengths_strength') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_strengths_strength_coalition_id_created_by_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_strengths_strength_created_by_id'))
        batch_op.drop_constraint(op.f('ck_strengths_strength_strengthkind'), type_='check')
        batch_op.drop_column('version')
        batch_op.drop_column('created_by_id')
        batch_op.drop_column('withdrawn_on')
        batch_op.drop_column('limits')
        batch_op.drop_column('indicator')
        batch_op.drop_column('kind')

    with op.batch_alter_table('plan_action') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_plan_action_coalition_id_need_id_match_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_plan_action_coalition_id_need_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_plan_action_need_id'))
        batch_op.drop_index(batch_op.f('ix_plan_action_match_id'))
        batch_op.drop_constraint(op.f('ck_plan_action_match_of_need'), type_='check')
        batch_op.drop_column('match_id')
        batch_op.drop_column('need_id')

    with op.batch_alter_table('strengths_strength_area', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_strength_area_strength_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_strength_area_coalition_id'))

    op.drop_table('strengths_strength_area')
    with op.batch_alter_table('strengths_match', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_match_strength_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_match_need_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_match_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_match_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_match_ask_id'))

    op.drop_table('strengths_match')
    with op.batch_alter_table('plan_goal_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_goal_need_need_id'))
        batch_op.drop_index(batch_op.f('ix_plan_goal_need_goal_id'))
        batch_op.drop_index(batch_op.f('ix_plan_goal_need_coalition_id'))

    op.drop_table('plan_goal_need')
    with op.batch_alter_table('strengths_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_need_round_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_need_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_need_coalition_id'))

    op.drop_table('strengths_need')
