"""for events that people sign up for: their page, who signed up, and that time or place changed"""

import sqlalchemy as sa
from alembic import op
from engage.database import UtcDateTime

revision = '0073'
down_revision = '0072'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('time_changed_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('place_changed_at', UtcDateTime(), nullable=True))
    op.create_table('plan_signup_page',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('here_hash', sa.String(length=64), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.Column('opened_at', UtcDateTime(), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('signed_up', sa.Integer(), nullable=False),
    sa.Column('came', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('seats IS NULL OR seats > 0', name=op.f('ck_plan_signup_page_seats')),
    sa.ForeignKeyConstraint(['coalition_id', 'activity_id'], ['plan_activity.coalition_id', 'plan_activity.id'], name=op.f('fk_plan_signup_page_coalition_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id', 'opened_by_id'], ['coalitions_membership.coalition_id', 'coalitions_membership.id'], name=op.f('fk_plan_signup_page_coalition_id_opened_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_signup_page_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_signup_page')),
    sa.UniqueConstraint('activity_id', name=op.f('uq_plan_signup_page_activity_id')),
    sa.UniqueConstraint('here_hash', name=op.f('uq_plan_signup_page_here_hash')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_plan_signup_page_token_hash'))
    )
    op.create_table('plan_signup',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('organization', sa.String(length=160), nullable=False),
    sa.Column('sector', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('coming', 'waiting', name='signupstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('press', sa.String(length=43), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('confirm_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('mail', sa.Enum('none', 'waiting', 'claimed', 'sent', 'failed', name='mailstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', UtcDateTime(), nullable=True),
    sa.Column('came_at', UtcDateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coalition_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_plan_signup_name')),
    sa.ForeignKeyConstraint(['coalition_id', 'activity_id'], ['plan_activity.coalition_id', 'plan_activity.id'], name=op.f('fk_plan_signup_coalition_id_activity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coalition_id'], ['coalitions_coalition.id'], name=op.f('fk_plan_signup_coalition_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_signup')),
    sa.UniqueConstraint('activity_id', 'press', name=op.f('uq_plan_signup_activity_id_press')),
    sa.UniqueConstraint('coalition_id', 'id', name=op.f('uq_plan_signup_coalition_id_id')),
    sa.UniqueConstraint('confirm_hash', name=op.f('uq_plan_signup_confirm_hash')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_plan_signup_token_hash')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('plan_signup_page', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_signup_page_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_signup_page_opened_by_id'), ['opened_by_id'], unique=False)
    with op.batch_alter_table('plan_signup', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_signup_coalition_id'), ['coalition_id'], unique=False)
        batch_op.create_index('ix_plan_signup_line', ['activity_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_plan_signup_mail', ['mail'], unique=False)


def downgrade() -> None:
    op.drop_table('plan_signup')
    op.drop_table('plan_signup_page')
    with op.batch_alter_table('plan_activity', schema=None) as batch_op:
        batch_op.drop_column('place_changed_at')
        batch_op.drop_column('time_changed_at')
