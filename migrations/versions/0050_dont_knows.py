"""Don't knows that earlier releases told, although with the columns they give away what few people said.

A release keeps `people`, so what its page told can be looked at again: see
engage/assessment/results/rules/worlds.py. What was taken out cannot come back.
"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None

RELEASE = sa.table(
    'assessment_release',
    sa.column('id', sa.Integer),
    sa.column('round_id', sa.Integer),
    sa.column('number', sa.Integer),
    sa.column('results', sa.JSON),
)


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(RELEASE).order_by(RELEASE.c.round_id, RELEASE.c.number)).all()
    for _round, releases in groupby(rows, lambda row: row.round_id):
        stored = [row for row in releases if row.results.get('respondents')]
        before = [[line['dont_know'] for line in _lines(row.results)] for row in stored]
        withhold([row.results for row in stored])
        for row, was in zip(stored, before, strict=True):
            if [line['dont_know'] for line in _lines(row.results)] != was:
                changed = sa.update(RELEASE).where(RELEASE.c.id == row.id)
                connection.execute(changed.values(results=row.results))


def downgrade() -> None:
    pass


def withhold(releases: list) -> None:
    """Takes such numbers out of the releases of one round, in their order."""
    earlier = {}
    for release in releases:
        for area in release['areas']:
            for line in area['indicators']:
                lines = earlier.setdefault(line['key'], [])
                if lines and line['respondents'] == lines[-1]['respondents']:
                    line['dont_know'] = lines[-1]['dont_know']  # it stayed as it was
                elif line['dont_know'] is not None and not _two_worlds(release, area, line, lines):
                    line['dont_know'] = None
                lines.append(line)
    for lines in earlier.values():
        told = [line for line in lines if line['all'] is None and line['dont_know'] is not None]
        if told and any(line['all'] is not None and line['dont_know'] is None for line in lines):
            for line in lines:
                line['dont_know'] = None


def _lines(release: dict) -> list:
    return [line for area in release['areas'] for line in area['indicators']]


def _unrated(line: dict) -> int:
    return line['respondents'] - (line['all'][1] if line['all'] else 0)


def _two_worlds(release: dict, area: dict, line: dict, earlier: list) -> bool:
    k, people = release['k'], release['people']
    groups = [group for group in line['groups'] if group != 'others']
    # In such a column everyone may have said that it does not apply, and the area's number shows that.
    settled = [
        people.get(group, 0)
        for group, cell in area['groups'].items()
        if group not in line['groups'] and group != 'others' and cell[3] < len(area['indicators'])
    ]
    # A column that has left the release counts as one with few.
    cells = [people[group] - line['groups'][group][1] if group in people else 1 for group in groups]
    rest = _unrated(line) - line['dont_know']
    if settled and rest and rest - sum(settled) < k:
        return False
    cells.append(_unrated(line) - sum(cells))
    if not rest and any(0 < cell < k for cell in cells):
        return False
    if not earlier:
        return True
    last = earlier[-1]
    if last['dont_know'] is None:
        return False
    gained = _unrated(line) - _unrated(last)
    unknown = line['dont_know'] - last['dont_know']
    if (unknown and gained - unknown) or not groups:
        return True
    return not gained and last['all'] is not None
