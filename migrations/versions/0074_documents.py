"""for links to documents and what each is for"""

import sqlalchemy as sa
from alembic import op

from engage.database import UtcDateTime

revision = '0074'
down_revision = '0073'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('documents_document',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('link', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.Enum('charter', 'mou', 'confidentiality', 'minutes', 'flyer', 'protocol', 'curriculum', 'other', name='documentkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('readers', sa.Enum('everyone', 'members', 'group', 'coordinators', name='readers', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('looked_at_on', sa.Date(), nullable=True),
    sa.Column('link_state', sa.Enum('works', 'not_found', 'no_answer', 'unknown', name='linkstate', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('checked_at', UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_documents_document_title')),
    sa.ForeignKeyConstraint(['coalition_id', 'group_id'], ['coalitions_group.coalition_id', 'coalitions_group.id'], name=op.f('fk_documents_document_coalition_id_group_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id', 'owner_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_documents_document_coalition_id_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_documents_document_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents_document')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_documents_document_coalition_id_id'))
    )
    with op.batch_alter_table('documents_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_document_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_document_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_document_owner_id'), ['owner_id'], unique=False)

    op.create_table('documents_use',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('CASE WHEN agreement_id IS NULL THEN 0 ELSE 1 END + CASE WHEN organization_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN item_id IS NULL THEN 0 ELSE 1 END + CASE WHEN action_id IS NULL THEN 0 ELSE 1 END = 1', name=op.f('ck_documents_use_one_thing')),
    sa.ForeignKeyConstraint(['coalition_id', 'action_id'], ['plan_action.coalition_id', 'plan_action.id'], name=op.f('fk_documents_use_coalition_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'agreement_id'], ['partners_agreement.coalition_id', 'partners_agreement.id'], name=op.f('fk_documents_use_coalition_id_agreement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'document_id'], ['documents_document.coalition_id', 'documents_document.id'], name=op.f('fk_documents_use_coalition_id_document_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'item_id'], ['checklist_item.coalition_id', 'checklist_item.id'], name=op.f('fk_documents_use_coalition_id_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'meeting_id'], ['meetings_meeting.coalition_id', 'meetings_meeting.id'], name=op.f('fk_documents_use_coalition_id_meeting_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_documents_use_coalition_id_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_documents_use_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents_use'))
    )
    with op.batch_alter_table('documents_use', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_use_action_id'), ['action_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_use_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_use_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_use_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_use_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_use_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_use_organization_id'), ['organization_id'], unique=False)



def downgrade() -> None:
    op.drop_table('documents_use')
    op.drop_table('documents_document')
