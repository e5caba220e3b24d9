"""for events before they happen: an activity is planned, held or called off, with its time, place, audiences and partners"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None

TEXTS = {'place': 200, 'link': 300, 'county': 80, 'language': 80, 'presenters': 300}


def upgrade() -> None:
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.Enum('planned', 'held', 'called_off', name='activitystate', native_enum=False, create_constraint=True, length=40), server_default='held', nullable=False))
        batch_op.add_column(sa.Column('starts_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('minutes', sa.Integer(), nullable=True))
        for name, longest in TEXTS.items():
            batch_op.add_column(sa.Column(name, sa.String(length=longest), server_default='', nullable=False))
        batch_op.add_column(sa.Column('about', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('is_open', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('materials', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('objective_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_activity_objective_id'), ['objective_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_plan_activity_coalition_id_id'), ['coalition_id', 'id'])
        batch_op.create_foreign_key(batch_op.f('fk_plan_activity_coalition_id_objective_id'), 'plan_objective', ['coalition_id', 'objective_id'], ['coalition_id', 'id'], ondelete='RESTRICT')
        batch_op.create_check_constraint(op.f('ck_plan_activity_minutes'), 'minutes IS NULL OR minutes > 0')
        batch_op.create_check_constraint(op.f('ck_plan_activity_materials'), 'materials IS NULL OR materials >= 0')
        batch_op.create_check_constraint(op.f('ck_plan_activity_objective_alone'), 'objective_id IS NULL OR (goal_id IS NULL AND action_id IS NULL)')
    op.create_table('plan_activity_audience',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('discipline', sa.String(length=40), nullable=False),
    sa.Column('people', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("discipline <> ''", name=op.f('ck_plan_activity_audience_discipline')),
    sa.CheckConstraint('people IS NULL OR people >= 0', name=op.f('ck_plan_activity_audience_people')),
    sa.ForeignKeyConstraint(['coalition_id', 'activity_id'], ['plan_activity.coalition_id', 'plan_activity.id'], name=op.f('fk_plan_activity_audience_coalition_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_activity_audience_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_activity_audience')),
    sa.UniqueConstraint('activity_id', 'discipline', name=op.f('uq_plan_activity_audience_activity_id_discipline'))
    )
    op.create_table('plan_activity_partner',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['coalition_id', 'activity_id'], ['plan_activity.coalition_id', 'plan_activity.id'], name=op.f('fk_plan_activity_partner_coalition_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'organization_id'], ['partners_organization.coalition_id', 'partners_organization.id'], name=op.f('fk_plan_activity_partner_coalition_id_organization_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_activity_partner_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_activity_partner'))
    )
    for table, columns in (('audience', ('activity_id', 'coalition_id')), ('partner', ('activity_id', 'coalition_id', 'organization_id'))):
        with op.batch_alter_table(f'plan_activity_{table}', schema=None) as batch_op:
            for name in columns:
                batch_op.create_index(batch_op.f(f'ix_plan_activity_{table}_{name}'), [name], unique=False)
    op.execute(
        "INSERT INTO plan_activity_audience (coalition_id, activity_id, discipline)"
        " SELECT coalition_id, id, discipline FROM plan_activity WHERE discipline <> '' ORDER BY id"
    )
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.drop_column('discipline')


def downgrade() -> None:
    # The older version knows only what was held, and one audience: several are everyone.
    op.execute("DELETE FROM plan_activity_partner WHERE activity_id IN (SELECT id FROM plan_activity WHERE state <> 'held')")
    op.execute("DELETE FROM plan_activity_audience WHERE activity_id IN (SELECT id FROM plan_activity WHERE state <> 'held')")
    op.execute("DELETE FROM plan_activity WHERE state <> 'held'")
    # An objective implies its goal.
    op.execute(
        "UPDATE plan_activity SET goal_id = (SELECT goal_id FROM plan_objective WHERE plan_objective.id = objective_id),"
        " objective_id = NULL WHERE objective_id IS NOT NULL"
    )
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discipline', sa.String(length=40), server_default='', nullable=False))
    op.execute(
        "UPDATE plan_activity SET discipline = (SELECT MAX(a.discipline) FROM plan_activity_audience a"
        " WHERE a.activity_id = plan_activity.id) WHERE (SELECT COUNT(*) FROM plan_activity_audience a"
        " WHERE a.activity_id = plan_activity.id) = 1"
    )
    op.drop_table('plan_activity_partner')
    op.drop_table('plan_activity_audience')
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.alter_column('discipline', server_default=None, existing_type=sa.String(length=40), existing_nullable=False)
        batch_op.drop_constraint(op.f('ck_plan_activity_objective_alone'), type_='check')
        batch_op.drop_constraint(op.f('ck_plan_activity_materials'), type_='check')
        batch_op.drop_constraint(op.f('ck_plan_activity_minutes'), type_='check')
        batch_op.drop_constraint(op.f('ck_plan_activity_activitystate'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_plan_activity_coalition_id_objective_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_plan_activity_coalition_id_id'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_plan_activity_objective_id'))
        for name in ('state', 'starts_at', 'minutes', *TEXTS, 'about', 'is_open', 'materials', 'objective_id'):
            batch_op.drop_column(name)
