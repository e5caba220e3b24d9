"""Brings people in from a contacts file or a pasted list: choose it, check who comes in, confirm."""

from flask import g, request, url_for

from engage.coalitions import bp
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import Role
from engage.coalitions.undo_imports.saving import undoable
from engage.directory import undo_imports
from engage.directory.imports import service
from engage.directory.imports.forms import BringForm
from engage.directory.imports.target import PeopleTarget, target
from engage.extensions import mail_server
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports.forms import ColumnsForm
from engage.imports.import_wizard import Import
from engage.messages.letters import inviting
from engage.web.access import evening_step


def _compared(columns: ColumnsForm) -> service.PeopleComparison:
    wanted = columns.read.target
    assert isinstance(wanted, PeopleTarget)
    return service.PeopleComparison(service.people_here(g.membership), columns.lines, wanted)


def _write(comparison: service.PeopleComparison, form: BringForm) -> tuple[str, str]:
    does = request.form.get("do")
    days = None if does == "list" else form.days.days
    brought = service.bring_in(
        g.membership, comparison.preview, form.chosen, form.answers, Role(form.role.data), days
    )
    ids = brought.invitations
    sent = inviting.send(g.membership, ids) if ids and does == "send" and mail_server() is not None else 0
    words = _brought(brought, sent, is_inviting=days is not None)
    return words, url_for(".people") if sent or not ids else url_for(".sheet", id=ids)


def _brought(brought: service.BroughtIn, sent: int, *, is_inviting: bool) -> str:
    count = len(brought.memberships)
    parts = [ngettext("%(num)s person is on the list.", "%(num)s people are on the list.", count)]
    if sent:
        parts.append(
            ngettext(
                "%(num)s invitation is on its way by e-mail.",
                "%(num)s invitations are on their way by e-mail.",
                sent,
            )
        )
    if is_inviting and (without := count - len(brought.invitations)):
        parts.append(
            ngettext(
                "%(num)s has no address and was not invited.",
                "%(num)s have no address and were not invited.",
                without,
            )
        )
    return " ".join(parts)


Import(
    folder="directory/imports",
    target=target,
    compared=_compared,
    write=undoable(undo_imports.KEY, _write),
    overtaken=_l("Others are changing the people right now. Nothing was saved. Try again in a minute."),
    views=("import_people", "read_people", "check_people", "bring_people_in"),
    title=_l("People from a file"),
    above=(_l("People"), ".people"),
    about=lambda: {"sends": mail_server() is not None},
    confirms=BringForm,
    preview="directory/imports/preview.html",
).serve(bp, "/people/import/", allows(Permission.MANAGE_PEOPLE), evening_step)
