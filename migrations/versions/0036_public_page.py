"""what the public sees, and the note of who hands over"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reports_public_page',
    sa.Column('nonce', sa.String(length=43), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(token_hash IS NULL) = (nonce IS NULL)', name=op.f('ck_reports_public_page_nonce_of_token')),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_public_page_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_public_page')),
    sa.UniqueConstraint('coalition_id', name=op.f('uq_reports_public_page_coalition_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_reports_public_page_token_hash'))
    )
    with op.batch_alter_table('reports_public_page', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_public_page_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('reports_handover_note',
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'written_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_reports_handover_note_coalition_id_written_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_handover_note_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_handover_note')),
    sa.UniqueConstraint('coalition_id', name=op.f('uq_reports_handover_note_coalition_id'))
    )
    with op.batch_alter_table('reports_handover_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_handover_note_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_handover_note_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('reports_public_partner',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'agreement_id'], ['partners_agreement.coalition_id', 'partners_agreement.id'], name=op.f('fk_reports_public_partner_coalition_id_agreement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_public_partner_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_public_partner')),
    sa.UniqueConstraint('agreement_id', name=op.f('uq_reports_public_partner_agreement_id'))
    )
    with op.batch_alter_table('reports_public_partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_public_partner_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('reports_public_goal',
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('is_shown', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("NOT is_shown OR title <> ''", name=op.f('ck_reports_public_goal_shown_has_title')),
    sa.ForeignKeyConstraint(['coalition_id', 'goal_id'], ['plan_goal.coalition_id', 'plan_goal.id'], name=op.f('fk_reports_public_goal_coalition_id_goal_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_public_goal_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_public_goal')),
    sa.UniqueConstraint('goal_id', name=op.f('uq_reports_public_goal_goal_id'))
    )
    with op.batch_alter_table('reports_public_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_public_goal_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('reports_public_measure',
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('is_shown', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("NOT is_shown OR title <> ''", name=op.f('ck_reports_public_measure_shown_has_title')),
    sa.ForeignKeyConstraint(['coalition_id', 'measure_id'], ['plan_measure.coalition_id', 'plan_measure.id'], name=op.f('fk_reports_public_measure_coalition_id_measure_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_public_measure_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_public_measure')),
    sa.UniqueConstraint('measure_id', name=op.f('uq_reports_public_measure_measure_id'))
    )
    with op.batch_alter_table('reports_public_measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_public_measure_coalition_id'), ['coalition_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('reports_public_measure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_public_measure_coalition_id'))

    op.drop_table('reports_public_measure')
    with op.batch_alter_table('reports_public_goal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_public_goal_coalition_id'))

    op.drop_table('reports_public_goal')
    with op.batch_alter_table('reports_public_partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_public_partner_coalition_id'))

    op.drop_table('reports_public_partner')
    with op.batch_alter_table('reports_handover_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_handover_note_written_by_id'))
        batch_op.drop_index(batch_op.f('ix_reports_handover_note_coalition_id'))

    op.drop_table('reports_handover_note')
    with op.batch_alter_table('reports_public_page', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_public_page_coalition_id'))

    op.drop_table('reports_public_page')
