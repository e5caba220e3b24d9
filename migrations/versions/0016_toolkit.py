"""The toolkit: sections, readers, notes and what they became. First impressions of areas move here as shared notes.

Going back keeps each person's oldest shared note on an area: there was one a person and area.
"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime
revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('toolkit_areas_read',
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('read_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'reader_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_toolkit_areas_read_coalition_id_reader_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_toolkit_areas_read_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_toolkit_areas_read')),
    sa.UniqueConstraint('reader_id', name=op.f('uq_toolkit_areas_read_reader_id'))
    )
    with op.batch_alter_table('toolkit_areas_read', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_toolkit_areas_read_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('toolkit_section',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(substr(key, 1, 4) = 'own-') = (title <> '')", name=op.f('ck_toolkit_section_own_has_title')),
    sa.ForeignKeyConstraint(['coalition_id', 'added_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_toolkit_section_coalition_id_added_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_toolkit_section_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_toolkit_section')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_toolkit_section_coalition_id_id')),
    sa.UniqueConstraint('coalition_id', 'key', name=op.f('uq_toolkit_section_coalition_id_key'))
    )
    with op.batch_alter_table('toolkit_section', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_toolkit_section_added_by_id'), ['added_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_section_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('toolkit_note',
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=40), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=True),
    sa.Column('mark', sa.Enum('idea', 'question', 'key_point', name='notemark', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(area = '') = (section_id IS NOT NULL)", name=op.f('ck_toolkit_note_area_or_section')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_toolkit_note_text')),
    sa.ForeignKeyConstraint(['coalition_id', 'author_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_toolkit_note_coalition_id_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'section_id'], ['toolkit_section.coalition_id', 'toolkit_section.id'], name=op.f('fk_toolkit_note_coalition_id_section_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_toolkit_note_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_toolkit_note')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_toolkit_note_coalition_id_id'))
    )
    with op.batch_alter_table('toolkit_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_toolkit_note_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_toolkit_note_coalition_area', ['coalition_id', 'area'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_note_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_note_section_id'), ['section_id'], unique=False)

    op.create_table('toolkit_reader',
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('read_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'reader_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_toolkit_reader_coalition_id_reader_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'section_id'], ['toolkit_section.coalition_id', 'toolkit_section.id'], name=op.f('fk_toolkit_reader_coalition_id_section_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_toolkit_reader_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_toolkit_reader')),
    sa.UniqueConstraint('section_id', 'reader_id', name=op.f('uq_toolkit_reader_section_id_reader_id'))
    )
    with op.batch_alter_table('toolkit_reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_toolkit_reader_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_reader_reader_id'), ['reader_id'], unique=False)

    op.create_table('toolkit_outcome',
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=True),
    sa.Column('strength_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(need_id IS NULL) <> (strength_id IS NULL)', name=op.f('ck_toolkit_outcome_need_or_strength')),
    sa.ForeignKeyConstraint(['coalition_id', 'need_id'], ['strengths_need.coalition_id', 'strengths_need.id'], name=op.f('fk_toolkit_outcome_coalition_id_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'note_id'], ['toolkit_note.coalition_id', 'toolkit_note.id'], name=op.f('fk_toolkit_outcome_coalition_id_note_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'strength_id'], ['strengths_strength.coalition_id', 'strengths_strength.id'], name=op.f('fk_toolkit_outcome_coalition_id_strength_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_toolkit_outcome_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_toolkit_outcome')),
    sa.UniqueConstraint('note_id', name=op.f('uq_toolkit_outcome_note_id'))
    )
    with op.batch_alter_table('toolkit_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_toolkit_outcome_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_outcome_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_toolkit_outcome_strength_id'), ['strength_id'], unique=False)

    op.create_table('plan_action_note',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'action_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_plan_action_note_coalition_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'note_id'], ['toolkit_note.coalition_id', 'toolkit_note.id'], name=op.f('fk_plan_action_note_coalition_id_note_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_action_note_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_action_note')),
    sa.UniqueConstraint('action_id', name=op.f('uq_plan_action_note_action_id')),
    sa.UniqueConstraint('note_id', name=op.f('uq_plan_action_note_note_id'))
    )
    with op.batch_alter_table('plan_action_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_action_note_coalition_id'), ['coalition_id'], unique=False)

    op.execute(
        "INSERT INTO toolkit_areas_read (coalition_id, reader_id, read_at)"
        " SELECT coalition_id, reader_id, read_at FROM onboarding_areas_read ORDER BY id"
    )
    op.execute(
        "INSERT INTO toolkit_note"
        " (coalition_id, author_id, area, mark, text, is_shared, written_at, version)"
        " SELECT coalition_id, author_id, area, 'key_point', text, true, written_at, version"
        " FROM onboarding_area_note ORDER BY id"
    )
    with op.batch_alter_table('onboarding_area_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_onboarding_area_note_author_id'))
        batch_op.drop_index(batch_op.f('ix_onboarding_area_note_coalition_id'))

    op.drop_table('onboarding_area_note')
    with op.batch_alter_table('onboarding_areas_read', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_onboarding_areas_read_coalition_id'))

    op.drop_table('onboarding_areas_read')


def downgrade() -> None:
    op.create_table('onboarding_areas_read',
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('read_at', UtcDateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'reader_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_onboarding_areas_read_coalition_id_reader_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_onboarding_areas_read_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_onboarding_areas_read')),
    sa.UniqueConstraint('reader_id', name=op.f('uq_onboarding_areas_read_reader_id'))
    )
    with op.batch_alter_table('onboarding_areas_read', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_onboarding_areas_read_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('onboarding_area_note',
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_onboarding_area_note_text')),
    sa.ForeignKeyConstraint(['coalition_id', 'author_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_onboarding_area_note_coalition_id_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_onboarding_area_note_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_onboarding_area_note')),
    sa.UniqueConstraint('author_id', 'area', name=op.f('uq_onboarding_area_note_author_id_area'))
    )
    with op.batch_alter_table('onboarding_area_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_onboarding_area_note_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_onboarding_area_note_author_id'), ['author_id'], unique=False)

    op.execute(
        "INSERT INTO onboarding_areas_read (coalition_id, reader_id, read_at)"
        " SELECT coalition_id, reader_id, read_at FROM toolkit_areas_read ORDER BY id"
    )
    op.execute(
        "INSERT INTO onboarding_area_note (coalition_id, author_id, area, text, written_at, version)"
        " SELECT coalition_id, author_id, area, text, written_at, version FROM toolkit_note WHERE id IN"
        " (SELECT min(id) FROM toolkit_note WHERE is_shared AND area <> '' GROUP BY author_id, area) ORDER BY id"
    )
    with op.batch_alter_table('plan_action_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_action_note_coalition_id'))

    op.drop_table('plan_action_note')
    with op.batch_alter_table('toolkit_outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_toolkit_outcome_strength_id'))
        batch_op.drop_index(batch_op.f('ix_toolkit_outcome_need_id'))
        batch_op.drop_index(batch_op.f('ix_toolkit_outcome_coalition_id'))

    op.drop_table('toolkit_outcome')
    with op.batch_alter_table('toolkit_reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_toolkit_reader_reader_id'))
        batch_op.drop_index(batch_op.f('ix_toolkit_reader_coalition_id'))

    op.drop_table('toolkit_reader')
    with op.batch_alter_table('toolkit_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_toolkit_note_section_id'))
        batch_op.drop_index(batch_op.f('ix_toolkit_note_coalition_id'))
        batch_op.drop_index('ix_toolkit_note_coalition_area')
        batch_op.drop_index(batch_op.f('ix_toolkit_note_author_id'))

    op.drop_table('toolkit_note')
    with op.batch_alter_table('toolkit_section', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_toolkit_section_coalition_id'))
        batch_op.drop_index(batch_op.f('ix_toolkit_section_added_by_id'))

    op.drop_table('toolkit_section')
    with op.batch_alter_table('toolkit_areas_read', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_toolkit_areas_read_coalition_id'))

    op.drop_table('toolkit_areas_read')
