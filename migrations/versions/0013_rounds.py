"""Who a round asks, opening it again, which notes a release shows."""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

TAKES_ANSWERS = 'closed_at IS NULL OR reopened_at IS NOT NULL'
# The notes that the pages of closed rounds have shown so far.
NOTES_SHOWN = """
UPDATE assessment_answer SET note_released = true
WHERE id IN (
    SELECT answer.id
    FROM assessment_answer AS answer
    JOIN assessment_response AS response ON response.id = answer.response_id
    JOIN (
        SELECT theirs.round_id, other.indicator, count(*) AS notes
        FROM assessment_answer AS other
        JOIN assessment_response AS theirs ON theirs.id = other.response_id
        WHERE theirs.released AND other.note <> ''
        GROUP BY theirs.round_id, other.indicator
    ) AS written ON written.round_id = response.round_id AND written.indicator = answer.indicator
    JOIN assessment_round AS round ON round.id = response.round_id
    WHERE response.released AND answer.note <> '' AND written.notes >= round.k
)
"""


def upgrade() -> None:
    op.create_table('assessment_participant',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('membership_id', sa.Integer(), nullable=False),
    sa.Column('discipline', sa.String(length=60), nullable=False),
    sa.Column('took_part', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'membership_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_assessment_participant_coalition_id_membership_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_participant_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_participant_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_participant')),
    sa.UniqueConstraint('round_id', 'membership_id', name=op.f('uq_assessment_participant_round_id_membership_id'))
    )
    with op.batch_alter_table('assessment_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_participant_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_participant_membership_id'), ['membership_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_participant_round_id'), ['round_id'], unique=False)

    op.create_table('assessment_reopening',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reopened_by_id', sa.Integer(), nullable=True),
    sa.Column('reopened_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_assessment_reopening_reason')),
    sa.ForeignKeyConstraint(['coalition_id', 'reopened_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_assessment_reopening_coalition_id_reopened_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'round_id'], ['assessment_round.coalition_id', 'assessment_round.id'], name=op.f('fk_assessment_reopening_coalition_id_round_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_assessment_reopening_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_reopening'))
    )
    with op.batch_alter_table('assessment_reopening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_reopening_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_reopening_reopened_by_id'), ['reopened_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_reopening_round_id'), ['round_id'], unique=False)

    # What every round did until now: it asked everyone, and closing it showed an indicator's notes from k on.
    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('note_released', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.alter_column('note_released', server_default=None)

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reopened_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('asked', sa.Enum('everyone', 'invited', name='asked', native_enum=False, create_constraint=False, length=40), nullable=False, server_default='everyone'))
        batch_op.create_check_constraint(op.f('ck_assessment_round_asked'), "asked IN ('everyone', 'invited')")
        batch_op.create_check_constraint(op.f('ck_assessment_round_reopened_after_closing'), 'reopened_at IS NULL OR closed_at IS NOT NULL')
        batch_op.drop_index('uq_assessment_round_open')

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.alter_column('asked', server_default=None)
        batch_op.create_index('uq_assessment_round_open', ['coalition_id'], unique=True, sqlite_where=sa.text(TAKES_ANSWERS), postgresql_where=sa.text(TAKES_ANSWERS))

    op.execute(NOTES_SHOWN)


def downgrade() -> None:
    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_index('uq_assessment_round_open')
        batch_op.drop_constraint(op.f('ck_assessment_round_reopened_after_closing'), type_='check')
        batch_op.drop_constraint(op.f('ck_assessment_round_asked'), type_='check')
        batch_op.drop_column('asked')
        batch_op.drop_column('reopened_at')

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.create_index('uq_assessment_round_open', ['coalition_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    with op.batch_alter_table('assessment_answer', schema=None) as batch_op:
        batch_op.drop_column('note_released')

    with op.batch_alter_table('assessment_reopening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_reopening_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_reopening_reopened_by_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_reopening_coalition_id'))

    op.drop_table('assessment_reopening')
    with op.batch_alter_table('assessment_participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_participant_round_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_participant_membership_id'))
        batch_op.drop_index(batch_op.f('ix_assessment_participant_coalition_id'))

    op.drop_table('assessment_participant')
