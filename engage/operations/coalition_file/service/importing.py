"""Imports a coalition's file into this installation, all of it or nothing, for `engage coalition import`."""

import re
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from msgspec import Struct

from engage.accounts import passwords, service
from engage.accounts.models import User
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition
from engage.coalitions.service import SLUG, SLUG_LONGEST
from engage.config import ROOT, Config, in_folder
from engage.extensions import db
from engage.operations.coalition_file.layout import COALITIONS, Row
from engage.operations.coalition_file.queries import reading
from engage.operations.coalition_file.queries.export import document_of
from engage.operations.coalition_file.service import writing
from engage.operations.refused import Refused
from engage.strengths.votes.rules import VoteState
from engage.tokens import new_token

# The links expire as invitations do, because people hand them out.
LINK_LIFE = timedelta(days=7)
# URLs of these pages contain a number that the coalition counts itself, not a row's id.
_NUMBERED = re.compile(r"/c/[^/]+/(plan/actions|strengths/needs|partners/agreements|meetings/decisions)/")


class Written(Struct, frozen=True):
    """The result; `links` are (name, address, token) of new accounts, for choosing the first password."""

    coalition: Coalition
    links: list[tuple[str, str, str]]


class Incoming(Struct, frozen=True):
    """A file that was parsed and is valid, ready to be written."""

    document: dict[str, Any]
    coalition: Row
    rows: dict[str, list[Row]]
    slug: str
    here: dict[str, User]

    @property
    def fresh(self) -> list[Row]:
        """Returns the accounts in the file that do not exist here yet."""
        return [each for each in self.document["accounts"] if _address(each) not in self.here]


def read(raw: bytes, slug: str | None) -> Incoming:
    """Parses and checks a file, without writing anything. Raises Refused."""
    document = at_this_version(reading.document_in(raw))
    coalition = reading.coalition_in(document, db.metadata)
    rows = reading.rows_in(document, db.metadata)
    wanted = slug or str(coalition["slug"])
    if not SLUG.fullmatch(wanted) or len(wanted) > SLUG_LONGEST:
        raise Refused(
            "Use lowercase letters, digits, and single hyphens for --slug, such as riverbend-county."
        )
    if db.session.scalar(sa.select(Coalition.id).where(Coalition.slug == wanted)):
        raise Refused(f"There is a coalition called {wanted} here. Give this one another name: --slug NAME")
    addresses = [_address(each) for each in document["accounts"]]
    if len(set(addresses)) < len(addresses) or not all(
        "@" in each and len(each) <= 254 for each in addresses
    ):
        raise Refused("The file is incomplete: an e-mail address is not valid, or two accounts share one.")
    found = db.session.scalars(sa.select(User).where(User.email.in_(addresses)))
    return Incoming(document, coalition, rows, wanted, {user.email: user for user in found})


def _address(account: Row) -> str:
    return service.folded_email(account["email"])


def summary(incoming: Incoming) -> Iterator[str]:
    """Yields lines that say what would be imported."""
    count = sum(map(len, incoming.rows.values()))
    people, accounts = len(incoming.rows["coalitions_membership"]), len(incoming.document["accounts"])
    found = f"{count} rows, {people} {'person' if people == 1 else 'people'}"
    yield f"“{incoming.coalition['name']}” as {incoming.slug}: {found}."
    known = accounts - len(incoming.fresh)
    fresh = len(incoming.fresh)
    yield f"Accounts: {known} are already here, by their e-mail address; {fresh} are new, without a password."
    if not incoming.document["single_answers"]:
        yield "Individual answers in rounds and private notes are not in this file."
    stays = incoming.document.get("stays")
    ballots = stays.get("strengths_ballot") if isinstance(stays, dict) else None
    if isinstance(ballots, int) and ballots:
        yield f"Individual ballots stayed behind: {ballots}. Results of votes that were closed are in this file."
        still_open = sum(row["state"] is VoteState.OPEN for row in incoming.rows["strengths_vote"])
        if still_open:
            yield f"Votes that were still open: {still_open}. Ballots in them have to be cast again here."


def write(incoming: Incoming, admin: str | None) -> Written:
    """Writes everything to the database; the caller commits. `admin` becomes the admin if no account exists yet."""
    if wrong := wrong_admin(incoming, admin):
        raise Refused(wrong)
    db.session.rollback()  # no transaction is open while the hash is computed, which takes time
    unknown = passwords.hash_of(new_token())
    try:
        with db.session.begin_nested():
            return _written(incoming, admin, unknown)
    except sa.exc.IntegrityError as error:
        words = str(error.orig).strip().splitlines()[0]
        raise Refused(f"The file does not fit together ({words}). Nothing was written.") from None


def wrong_admin(incoming: Incoming, admin: str | None) -> str:
    """Returns the reason why the file cannot be imported with this admin, or without one; blank if it can."""
    anybody = db.session.scalar(sa.select(User.id).limit(1))
    addresses = {_address(each) for each in incoming.document["accounts"] if not each["disabled"]}
    if anybody is None and (admin is None or service.folded_email(admin) not in addresses):
        return "No one has an account here yet. Say who in the file hosts this installation: --admin ADDRESS"
    if anybody is not None and admin is not None:
        return "This installation already has an admin. Leave out --admin."
    return ""


def _written(incoming: Incoming, admin: str | None, unknown: str) -> Written:
    values = {**incoming.coalition, "slug": incoming.slug}
    connection = db.session.connection()
    insert = sa.insert(db.metadata.tables[COALITIONS]).values(version=1, **values)
    made = connection.execute(insert).inserted_primary_key
    assert made is not None
    here = {
        user.email: user for user in db.session.scalars(sa.select(User).where(User.email.in_(incoming.here)))
    }
    links, ids = [], {}
    for each in incoming.document["accounts"]:
        user = here.get(_address(each))
        if user is None:
            user = _account(
                each, unknown, is_admin=admin is not None and _address(each) == service.folded_email(admin)
            )
            if not each["disabled"]:
                links.append((user.name, user.email, service.make_password_link(user, None, LINK_LIFE)))
        ids[each["id"]] = user.id
    _renamed(incoming)
    writing.write(connection, db.metadata, made[0], incoming.rows, ids)
    count = sum(map(len, incoming.rows.values()))
    audit_service.record_of(
        audit_service.Server(made[0]), AuditEvent.IMPORTED, COALITIONS, made[0], number=count
    )
    db.session.flush()
    return Written(db.session.get_one(Coalition, made[0]), links)


def _account(account: Row, unknown: str, *, is_admin: bool) -> User:
    from engage import clock

    user = User(
        name=account["name"][:120] or _address(account),
        email=_address(account),
        password_hash=unknown,
        is_admin=is_admin,
        created_at=clock.now(),
        disabled_at=clock.now() if account["disabled"] else None,
    )
    db.session.add(user)
    db.session.flush()
    return user


def _renamed(incoming: Incoming) -> None:
    """Updates links to the coalition's own pages that are proofs of tips, because the slug may have changed.

    A URL that contains a row's id is removed, because it would lead to another row.
    """
    for row in incoming.rows["checklist_item"]:
        if row["proof"].startswith(f"/c/{incoming.coalition['slug']}/"):
            numbered = _NUMBERED.match(row["proof"]) or not re.search(r"/\d+(/|$)", row["proof"])
            rest = row["proof"].split("/", 3)[3]
            row["proof"] = f"/c/{incoming.slug}/{rest}" if numbered else ""


# -- files of earlier versions


def at_this_version(document: dict[str, object]) -> dict[str, Any]:
    """Returns the document as this version would have exported it.

    A document of an earlier version is written into tables of that version, in a temporary folder, and
    migrated like any database.
    """
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    head = scripts.get_current_head()
    if document["schema"] == head:
        return document
    if document["schema"] not in {each.revision for each in scripts.walk_revisions()}:
        raise Refused("The file is from a newer Engage than this one. Upgrade Engage first.")
    with tempfile.TemporaryDirectory(dir=current_app.config["DATA"], prefix="importing-") as folder:
        return _through_the_migrations(document, Path(folder))


def _through_the_migrations(document: dict[str, Any], folder: Path) -> dict[str, object]:
    from flask_migrate import upgrade

    from engage import create_app
    from engage.extensions import prepare_migrations

    config = Config(
        SECRET_KEY=current_app.config["SECRET_KEY"], DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(folder)
    )
    app = create_app(config)
    prepare_migrations(app)
    with app.app_context():
        upgrade(revision=document["schema"])
        _into_the_tables_of_its_time(document)
        upgrade()
        coalition = db.session.scalars(sa.select(Coalition)).one()
        made = document_of(coalition, single_answers=True)
        db.session.remove()
        db.engine.dispose()
    return {**made, "single_answers": document["single_answers"], "stays": document.get("stays")}


def _into_the_tables_of_its_time(document: dict[str, Any]) -> None:
    with db.engine.begin() as connection:
        then = sa.MetaData()
        then.reflect(connection)
        coalition = reading.coalition_in(document, then)
        rows = reading.rows_in(document, then)
        accounts, ids = then.tables["accounts_user"], {}
        for each in document["accounts"]:
            values = {"name": each["name"], "email": each["email"], "password_hash": "-"}
            found = {column.name: values.get(column.name, _anything(column)) for column in accounts.c}
            found |= {"id": each["id"]}
            if each["disabled"]:
                found["disabled_at"] = found["created_at"]
            connection.execute(sa.insert(accounts).values(found))
            ids[each["id"]] = each["id"]
        table = then.tables[COALITIONS]
        counts = {"texts_reported": 0} if "texts_reported" in table.c else {}
        connection.execute(sa.insert(table).values(id=1, version=1, **counts, **coalition))
        writing.write(connection, then, 1, rows, ids)


def _anything(column: sa.Column[object]) -> object:
    """Returns any valid value for a column of an account that the file does not contain."""
    if column.nullable:
        return None
    kinds: dict[type, object] = {sa.Boolean: False, sa.Integer: 1}
    from engage import clock

    if isinstance(column.type, sa.DateTime):
        return clock.now().replace(tzinfo=None)
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), "")
