"""Agreements: their dated moves, needs and actions, who looks after one, when naming was withdrawn, in which order dates stand."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


# Dates that stood in any order move to the nearest day that is right; what no one agreed to is not named.
PUT_RIGHT = (
    "UPDATE partners_agreement SET review_on = signed_on WHERE review_on < signed_on",
    "UPDATE partners_agreement SET notice_on = ends_on WHERE notice_on IS NOT NULL"
    " AND (ends_on IS NULL OR notice_on > ends_on)",
    "UPDATE partners_agreement SET named_on = NULL, may_be_named = false WHERE named_on IS NOT NULL AND named_by = ''",
)


def upgrade() -> None:
    for statement in PUT_RIGHT:
        op.execute(statement)
    with op.batch_alter_table('partners_agreement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('renewal_made_for', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('unnamed_on', sa.Date(), nullable=True))
        batch_op.create_index('ix_partners_agreement_ends', ['state', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_agreement_owner_id'), ['owner_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_partners_agreement_coalition_id_owner_id'), 'coalitions_membership', ['coalition_id', 'owner_id'], ['coalition_id', 'id'], ondelete='RESTRICT')
        batch_op.drop_constraint(batch_op.f('ck_partners_agreement_named_has_date'), type_='check')
        batch_op.drop_column('may_be_named')
        batch_op.create_check_constraint(batch_op.f('ck_partners_agreement_review_after_signing'), 'review_on IS NULL OR signed_on IS NULL OR review_on >= signed_on')
        batch_op.create_check_constraint(batch_op.f('ck_partners_agreement_notice_before_end'), 'notice_on IS NULL OR (ends_on IS NOT NULL AND notice_on <= ends_on)')
        batch_op.create_check_constraint(batch_op.f('ck_partners_agreement_named_by_somebody'), "named_on IS NULL OR named_by <> ''")
        batch_op.create_check_constraint(batch_op.f('ck_partners_agreement_unnamed_after_named'), 'unnamed_on IS NULL OR (named_on IS NOT NULL AND unnamed_on >= named_on)')

    op.create_table('partners_agreement_move',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.Enum('drafting', 'with_board', 'signed', 'declined', 'ended', name='before', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('after', sa.Enum('drafting', 'with_board', 'signed', 'declined', 'ended', name='after', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'agreement_id'], ['partners_agreement.coalition_id', 'partners_agreement.id'], name=op.f('fk_partners_agreement_move_coalition_id_agreement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'written_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_partners_agreement_move_coalition_id_written_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_partners_agreement_move_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners_agreement_move'))
    )
    with op.batch_alter_table('partners_agreement_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partners_agreement_move_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_agreement_move_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partners_agreement_move_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('strengths_agreement_need',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'agreement_id'], ['partners_agreement.coalition_id', 'partners_agreement.id'], name=op.f('fk_strengths_agreement_need_coalition_id_agreement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'need_id'], ['strengths_need.coalition_id', 'strengths_need.id'], name=op.f('fk_strengths_agreement_need_coalition_id_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_strengths_agreement_need_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strengths_agreement_need')),
    sa.UniqueConstraint('agreement_id', 'need_id', name=op.f('uq_strengths_agreement_need_agreement_id_need_id'))
    )
    with op.batch_alter_table('strengths_agreement_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_strengths_agreement_need_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_agreement_need_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_strengths_agreement_need_need_id'), ['need_id'], unique=False)

    op.create_table('plan_action_agreement',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('renews_end_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'action_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_plan_action_agreement_coalition_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'agreement_id'], ['partners_agreement.coalition_id', 'partners_agreement.id'], name=op.f('fk_plan_action_agreement_coalition_id_agreement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_action_agreement_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_action_agreement')),
    sa.UniqueConstraint('action_id', 'agreement_id', name=op.f('uq_plan_action_agreement_action_id_agreement_id'))
    )
    with op.batch_alter_table('plan_action_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_action_agreement_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_action_agreement_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_action_agreement_coalition_id'), ['coalition_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('plan_action_agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_action_agreement_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_plan_action_agreement_agreement_id'))
        batch_op.drop_index(batch_op.f('ix_plan_action_agreement_action_id'))

    op.drop_table('plan_action_agreement')
    with op.batch_alter_table('strengths_agreement_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_strengths_agreement_need_need_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_agreement_need_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_strengths_agreement_need_agreement_id'))

    op.drop_table('strengths_agreement_need')
    with op.batch_alter_table('partners_agreement_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partners_agreement_move_written_by_id'))
        batch_op.drop_index(batch_op.f('ix_partners_agreement_move_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_partners_agreement_move_agreement_id'))

    op.drop_table('partners_agreement_move')

    op.execute("UPDATE partners_agreement SET named_on = NULL, unnamed_on = NULL WHERE unnamed_on IS NOT NULL")
    with op.batch_alter_table('partners_agreement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('may_be_named', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_constraint(batch_op.f('ck_partners_agreement_review_after_signing'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_partners_agreement_notice_before_end'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_partners_agreement_named_by_somebody'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_partners_agreement_unnamed_after_named'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_partners_agreement_coalition_id_owner_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_partners_agreement_owner_id'))
        batch_op.drop_index('ix_partners_agreement_ends')
        batch_op.drop_column('unnamed_on')
        batch_op.drop_column('renewal_made_for')
        batch_op.drop_column('owner_id')

    op.execute("UPDATE partners_agreement SET may_be_named = (named_on IS NOT NULL)")
    with op.batch_alter_table('partners_agreement', schema=None) as batch_op:
        batch_op.alter_column('may_be_named', server_default=None)
        batch_op.create_check_constraint(batch_op.f('ck_partners_agreement_named_has_date'), 'may_be_named = (named_on IS NOT NULL)')
