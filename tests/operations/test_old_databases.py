"""Tests that earlier versions' data is upgraded with every row, key and page of both coalitions in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.config import ROOT
from engage.extensions import db
from tests import factories
from tests.migrations.test_migrations import schema
from tests.operations import old_databases
from tests.operations.databases import make
from tests.operations.old_databases import broken, differences, each_step_keeps_its_rows, everything

pytestmark = pytest.mark.slow

EARLIEST, RELEASED = "preview-0008", "0.1.0"

# What every role sees; the coordinator opens every page without parameters besides.
FOR_VIEWERS = ("", "start/", "checklist/", "plan/")
KEY_PAGES = (*FOR_VIEWERS, "assessment/", "partners/", "meetings/", "strengths/", "reports/", "toolkit/")


@pytest.fixture(params=sorted(old_databases.FILES))
def old(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    with old_databases.opened(request.param, tmp_path, worker_id) as app:
        yield app


def test_there_is_a_file_of_every_released_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text()
    released = [line.split()[1] for line in changes.splitlines() if line.startswith("## 0")]
    assert released
    assert set(released) <= set(old_databases.FILES)


def test_this_commit_can_be_kept_as_a_releases_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "HERE", tmp_path)
    assert make.make("next", "HEAD").stat().st_size > 100_000
    with pytest.raises(FileExistsError, match="not written again"):
        make.make("next", "HEAD")


def test_an_upgrade_keeps_every_row_and_every_page_opens(old: Flask) -> None:
    before = everything()
    assert len(before["coalitions_coalition"]) == 2
    upgrade()
    after = everything()
    assert differences(before, after) == []
    assert broken() == []
    assert _areas_notes_moved(before, after)
    for coalition in db.session.scalars(sa.select(Coalition)).all():
        _pages_open(old, coalition)


def _areas_notes_moved(before: old_databases.Rows, after: old_databases.Rows) -> bool:
    """Checks that 0016 made notes of first impressions."""
    texts = {row["text"] for row in before.get("onboarding_area_note", {}).values()}
    return texts <= {row["text"] for row in after["toolkit_note"].values()}


def _pages_open(app: Flask, coalition: Coalition) -> None:
    for role in Role:
        client = factories.signed_in_client(app, _somebody(coalition.id, role))
        for page in FOR_VIEWERS if role is Role.VIEWER else KEY_PAGES:
            assert coalition.name in client.page(f"/c/{coalition.slug}/{page}").text("body"), (role, page)
    client = factories.signed_in_client(app, _somebody(coalition.id, Role.COORDINATOR))
    for path in _without_parameters(app, coalition.slug):
        # Some ask for a choice and are nowhere without it; none fails.
        assert client.get(path).status_code < 500, path


def _somebody(coalition: int, role: Role) -> Membership:
    """Returns a person with an account who has this role; if the sample has none, one is given it."""
    here = sa.select(Membership).where(
        Membership.coalition_id == coalition,
        Membership.user_id.is_not(None),
        Membership.approved_at.is_not(None),
        Membership.left_on.is_(None),
    )
    found = db.session.scalar(here.where(Membership.role == role).limit(1))
    if found is None:
        found = db.session.scalars(here.where(Membership.role == Role.MEMBER).limit(1)).one()
        found.role = role
        db.session.commit()
    return found


def _without_parameters(app: Flask, slug: str) -> set[str]:
    rules = (rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return {
        rule.replace("<slug>", slug)
        for rule in rules
        if rule.startswith("/c/<slug>/") and rule.count("<") == 1
    }


def test_every_step_up_keeps_what_the_earliest_wrote(tmp_path: Path, worker_id: str) -> None:
    with old_databases.opened(EARLIEST, tmp_path, worker_id) as app, each_step_keeps_its_rows(app) as passed:
        upgrade()
        assert len(passed) == len(_revisions()) - len(_revisions(until="0008"))


def test_every_step_down_and_up_keeps_what_the_older_version_has_room_for(
    tmp_path: Path, worker_id: str
) -> None:
    with old_databases.opened(RELEASED, tmp_path, worker_id) as app:
        upgrade()
        before = schema()
        with each_step_keeps_its_rows(app) as passed:
            downgrade(revision="0001")
            assert len(everything()["accounts_user"]) > 20
            upgrade()
            assert len(passed) == 2 * (len(_revisions()) - 1)
        assert schema() == before
        assert broken() == []


def _revisions(until: str = "9999") -> list[str]:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    return [each.revision for each in scripts.walk_revisions() if each.revision <= until]
