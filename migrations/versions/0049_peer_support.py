"""peer support is said of nobody any more"""

from alembic import op

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In this field it says of a person that they have been trafficked. Questions still find the way to them by name.
    op.execute("DELETE FROM coalitions_membership_discipline WHERE discipline = 'peer_support'")
    op.execute("UPDATE assessment_participant SET discipline = '' WHERE discipline = 'peer_support'")


def downgrade() -> None:
    pass
