"""for the funder report: texts, an order, saved copies; and what a partner does with the coalition"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0079'
down_revision = '0078'
branch_labels = None
depends_on = None


NAME = 'ck_partners_organization_tag_tagkind'
BEFORE = "kind IN ('discipline', 'area', 'service', 'serves', 'county', 'language')"
AFTER = "kind IN ('discipline', 'area', 'service', 'serves', 'county', 'language', 'partnership')"


def upgrade() -> None:
    op.create_table('reports_funder_order',
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_funder_order_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_funder_order')),
    sa.UniqueConstraint('coalition_id', name=op.f('uq_reports_funder_order_coalition_id'))
    )
    with op.batch_alter_table('reports_funder_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_funder_order_coalition_id'), ['coalition_id'], unique=False)

    op.create_table('reports_funder_copy',
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('layout', sa.Enum('own', 'federal', 'state', name='layout', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('paper', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_reports_funder_copy_title')),
    sa.CheckConstraint('until >= since', name=op.f('ck_reports_funder_copy_period')),
    sa.ForeignKeyConstraint(['coalition_id', 'made_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_reports_funder_copy_coalition_id_made_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_funder_copy_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_funder_copy')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_reports_funder_copy_coalition_id_id'))
    )
    with op.batch_alter_table('reports_funder_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_funder_copy_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_funder_copy_made_by_id'), ['made_by_id'], unique=False)

    op.create_table('reports_funder_text',
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('part', sa.Enum('figures', 'before', 'once', 'meetings', 'attendance', 'people', 'partnerships', 'agreements', 'activities', 'audiences', 'places', 'actions', 'measures', 'changes', name='part', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', UtcDateTime(), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('until >= since', name=op.f('ck_reports_funder_text_period')),
    sa.ForeignKeyConstraint(['coalition_id', 'written_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_reports_funder_text_coalition_id_written_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_funder_text_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_funder_text')),
    sa.UniqueConstraint('coalition_id', 'since', 'until', 'part', name=op.f('uq_reports_funder_text_coalition_id_since_until_part'))
    )
    with op.batch_alter_table('reports_funder_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_funder_text_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_funder_text_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('reports_funder_copy_text',
    sa.Column('copy_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('figures', 'before', 'once', 'meetings', 'attendance', 'people', 'partnerships', 'agreements', 'activities', 'audiences', 'places', 'actions', 'measures', 'changes', name='part', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'copy_id'], ['reports_funder_copy.coalition_id', 'reports_funder_copy.id'], name=op.f('fk_reports_funder_copy_text_coalition_id_copy_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_reports_funder_copy_text_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports_funder_copy_text')),
    sa.UniqueConstraint('copy_id', 'part', name=op.f('uq_reports_funder_copy_text_copy_id_part'))
    )
    with op.batch_alter_table('reports_funder_copy_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_funder_copy_text_coalition_id'), ['coalition_id'], unique=False)
    tag_kinds(AFTER)
    # The log of downloads names files by their address.
    for form in ('pdf', 'xlsx'):
        op.execute(f"UPDATE coalitions_audit SET what = 'reports.funder_{form}' WHERE what = 'reports.counts_{form}'")


def downgrade() -> None:
    # The older version knows no partnerships.
    op.execute("DELETE FROM partners_organization_tag WHERE kind = 'partnership'")
    tag_kinds(BEFORE)
    for form in ('pdf', 'xlsx'):
        files = f"'reports.funder_{form}', 'reports.funder_copy_{form}'"
        op.execute(f"UPDATE coalitions_audit SET what = 'reports.counts_{form}' WHERE what IN ({files})")
    for name in ('copy_text', 'text', 'copy', 'order'):
        op.drop_table(f'reports_funder_{name}')


def tag_kinds(known: str) -> None:
    with op.batch_alter_table('partners_organization_tag', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
        batch_op.create_check_constraint(op.f(NAME), known)
