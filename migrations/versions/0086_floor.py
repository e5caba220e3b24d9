"""who answered by which way, for the rule of what a round shows; rounds that are open close by the new rule"""

import sqlalchemy as sa
from alembic import op

revision = '0086'
down_revision = '0085'
branch_labels = None
depends_on = None

_ROUND = sa.table('assessment_round', sa.column('id', sa.Integer), sa.column('by_language', sa.JSON))


def _is_by_way(each: object) -> bool:
    return isinstance(each, list) and all(isinstance(number, int) for number in each)


def upgrade() -> None:
    with op.batch_alter_table('assessment_release', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sets', sa.JSON(), server_default='{}', nullable=False))

    with op.batch_alter_table('assessment_response', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                'way',
                sa.Enum('account', 'link', 'slips', 'paper', name='wayin', native_enum=False, create_constraint=True, length=40),
                nullable=True,
            )
        )

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rule_changed', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('hides_columns', sa.Boolean(), nullable=True))
    # Their coordinators are told that they close by another rule than they were opened with.
    op.execute(
        sa.text(
            'UPDATE assessment_round SET rule_changed = true WHERE closed_at IS NULL OR reopened_at IS NOT NULL'
        )
    )


def downgrade() -> None:
    # The earlier rule kept one number for each language.
    connection = op.get_bind()
    for row in connection.execute(sa.select(_ROUND.c.id, _ROUND.c.by_language)).all():
        kept = row.by_language or {}
        told = {key: sum(each) if _is_by_way(each) else each for key, each in kept.items()}
        if told != kept:
            connection.execute(sa.update(_ROUND).where(_ROUND.c.id == row.id).values(by_language=told))

    with op.batch_alter_table('assessment_round', schema=None) as batch_op:
        batch_op.drop_column('hides_columns')
        batch_op.drop_column('rule_changed')

    with op.batch_alter_table('assessment_response', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_assessment_response_wayin'), type_='check')
        batch_op.drop_column('way')

    with op.batch_alter_table('assessment_release', schema=None) as batch_op:
        batch_op.drop_column('sets')
