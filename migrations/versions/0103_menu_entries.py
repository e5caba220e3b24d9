"""what has come up in a coalition's menu, and whether it keeps the menu short"""

import sqlalchemy as sa
from alembic import op

revision = '0103'
down_revision = '0102'
branch_labels = None
depends_on = None

# What a coalition holds says what has come up in its menu.
HOLDS = {
    'calendar': ('meetings_meeting', 'plan_action', 'plan_activity', 'assessment_round'),
    'strengths': ('strengths_strength', 'strengths_need'),
    'documents': ('documents_document',),
    'reports': ('plan_action', 'plan_activity', 'assessment_release'),
    'evening_is_past': ('plan_action', 'assessment_release'),
}
# A coalition is past its first evening, too, if a coordinator hid it, or if its five cards are done.
IS_PAST = (
    "SELECT c.id FROM coalitions_coalition c WHERE c.first_evening_over OR ((c.mission <> '' OR c.vision <> '')"
    " AND (EXISTS (SELECT 1 FROM coalitions_invitation i WHERE i.coalition_id = c.id AND i.sent_at IS NOT NULL)"
    " OR (SELECT count(*) FROM coalitions_membership m WHERE m.coalition_id = c.id AND m.approved_at IS NOT NULL"
    " AND m.disabled_at IS NULL AND m.left_on IS NULL) > 1)"
    " AND (SELECT count(*) FROM checklist_item t WHERE t.coalition_id = c.id AND t.state = 'done') >= 5"
    " AND EXISTS (SELECT 1 FROM meetings_meeting g WHERE g.coalition_id = c.id)"
    " AND EXISTS (SELECT 1 FROM assessment_round r WHERE r.coalition_id = c.id))"
)


def upgrade() -> None:
    entries = sa.Column('menu_entries', sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    is_short = sa.Column('menu_is_short', sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.add_column(entries)
        batch_op.add_column(is_short)
    found = {}
    for entry, tables in HOLDS.items():
        for table in tables:
            for (key,) in op.get_bind().execute(sa.text(f'SELECT DISTINCT coalition_id FROM {table}')):  # noqa: S608 - our names
                found.setdefault(key, set()).add(entry)
    for (key,) in op.get_bind().execute(sa.text(IS_PAST)):
        found.setdefault(key, set()).add('evening_is_past')
    save = sa.text('UPDATE coalitions_coalition SET menu_entries = :entries WHERE id = :key')
    save = save.bindparams(sa.bindparam('entries', type_=sa.JSON))
    for key, held in found.items():
        values = {'key': key, 'entries': [each for each in HOLDS if each in held]}
        op.get_bind().execute(save, values)


def downgrade() -> None:
    with op.batch_alter_table('coalitions_coalition', schema=None) as batch_op:
        batch_op.drop_column('menu_is_short')
        batch_op.drop_column('menu_entries')
