"""copies of what was changed or deleted, for undo and the trash"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_copy',
    sa.Column('kept_for', sa.Enum('undo', 'trash', name='keptfor', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('thing', sa.String(length=60), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('holds', sa.JSON(), nullable=False),
    sa.Column('rows', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('ended', sa.Enum('taken_back', 'restored', 'deleted', 'forgotten', name='keptend', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("ended_at IS NULL OR (rows IS NULL AND title = '')", name=op.f('ck_kept_copy_ended_is_empty')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended IS NULL)', name=op.f('ck_kept_copy_ended')),
    sa.ForeignKeyConstraint(['coalition_id', 'made_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_kept_copy_coalition_id_made_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_kept_copy_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_copy')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('kept_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_copy_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index('ix_kept_copy_kept_for', ['coalition_id', 'kept_for', 'made_at'], unique=False)
        batch_op.create_index('ix_kept_copy_made_at', ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_kept_copy_made_by_id'), ['made_by_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('kept_copy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kept_copy_made_by_id'))
        batch_op.drop_index('ix_kept_copy_made_at')
        batch_op.drop_index('ix_kept_copy_kept_for')
        batch_op.drop_index(batch_op.f('ix_kept_copy_coalition_id'))

    op.drop_table('kept_copy')
