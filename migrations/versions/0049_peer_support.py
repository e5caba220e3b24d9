"""peer support is no reason any more why someone is asked"""

from alembic import op

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In this field it says of a person that they have been trafficked. What people said of themselves stays until they
    # change it, and is no longer shown: an upgrade deletes nothing.
    op.execute("UPDATE assessment_participant SET discipline = '' WHERE discipline = 'peer_support'")


def downgrade() -> None:
    pass
