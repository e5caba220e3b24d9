"""The index of tags names the organization, too: the directory's filters read nothing else."""

from alembic import op
revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('partners_organization_tag', schema=None) as batch_op:
        batch_op.drop_index('ix_partners_organization_tag_found')
        batch_op.create_index('ix_partners_organization_tag_found', ['coalition_id', 'kind', 'sort_key', 'organization_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('partners_organization_tag', schema=None) as batch_op:
        batch_op.drop_index('ix_partners_organization_tag_found')
        batch_op.create_index('ix_partners_organization_tag_found', ['coalition_id', 'kind', 'sort_key'], unique=False)
