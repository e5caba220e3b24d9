"""Serves invitations by link: making, showing, printing and revoking them."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.blueprint import bp
from engage.coalitions.invitations import service
from engage.coalitions.models import Invitation
from engage.coalitions.people.forms import InviteForm, OpenInvitationForm
from engage.coalitions.permissions import Permission
from engage.coalitions.rules import InvitationKind, InvitationState, Role
from engage.coalitions.trash import notice
from engage.coalitions.words import INVITATION_KIND_WORDS, INVITATION_WORDS, ROLE_WORDS
from engage.errors import FieldRefused
from engage.extensions import db
from engage.frame.access import allows
from engage.partners.coverage.seats import service as seats_service
from engage.partners.coverage.seats import words as seats_words
from engage.web import links
from engage.web.forms import ConfirmForm

SHEET_MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """An invitation as the list shows it; `link` is None if it cannot be shown again or is over."""

    id: int
    whom: str
    detail: str
    kind: str
    role: str
    state: InvitationState
    state_words: str
    made_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    uses_left: int
    link: str | None
    may_come_back: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One invitation on the printed sheet."""

    id: int
    whom: str
    email: str
    role: str
    link: str
    qr: Markup
    text: str
    expires_at: datetime


@bp.get("/people/invitations/")
@allows(Permission.MANAGE_PEOPLE)
def invitations() -> str:
    """Shows the form; for an open seat it is filled in with what the link is for."""
    seat = seats_service.line_of(g.membership, _id_of(request.args.get("seat", "")))
    if seat is None:
        return _page()
    contact = seats_service.contact_to_ask(g.membership, seat.organization_id)
    addresses = "{} <{}>".format(*contact) if contact is not None else ""
    bound = InviteForm(formdata=None, addresses=addresses)
    opened = OpenInvitationForm(formdata=None, label=seats_words.named(seat)[:120])
    return _page(bound, opened, is_open=contact is None)


@bp.post("/people/invitations/bound")
@allows(Permission.MANAGE_PEOPLE)
def invite() -> Response | tuple[str, int]:
    """Makes bound links for the pasted addresses, and leads to the sheet to print or copy from."""
    form = InviteForm()
    if form.validate_on_submit():
        made = service.invite_people(g.membership, form.read.people, Role(form.role.data), form.days.days)
        db.session.commit()
        _say_who_is_here(made.already_here)
        if not made.invitations:
            return redirect(url_for(".invitations"), 303)
        return redirect(url_for(".sheet", id=[row.id for row in made.invitations]), 303)
    return _page(bound=form), 422


@bp.post("/people/invitations/open")
@allows(Permission.MANAGE_PEOPLE)
def invite_openly() -> Response | tuple[str, int]:
    form = OpenInvitationForm()
    if form.validate_on_submit():
        try:
            made = service.invite_openly(
                g.membership, Role(form.role.data), form.days.days, form.uses.data, form.label.data or ""
            )
            db.session.commit()
            return redirect(url_for(".sheet", id=[made.id]), 303)
        except FieldRefused as error:
            form.refuse(error.field, error.message)
    return _page(opened=form), 422


@bp.get("/people/invitations/sheet")
@allows(Permission.MANAGE_PEOPLE)
def sheet() -> str:
    """Shows links with their QR codes and a ready text each: to copy one by one, or to print and cut."""
    asked = [int(text) for text in request.args.getlist("id")[:SHEET_MOST] if _is_id(text)]
    rows = service.usable_of(g.membership, asked)
    if not rows:
        abort(404)
    cards = [card for row in rows if (card := _card(row)) is not None]
    return render_template("coalitions/invitations/sheet.html", cards=cards, missing=len(rows) - len(cards))


@bp.post("/people/invitations/<id:invitation_id>/revoke")
@allows(Permission.MANAGE_PEOPLE)
def revoke_invitation(invitation_id: int) -> Response | tuple[str, int]:
    invitation = _invitation_or_404(invitation_id)
    if ConfirmForm().validate_on_submit():
        service.revoke(invitation, g.membership)
        db.session.commit()
        said = _("The link for %(whom)s is revoked and no longer works.", whom=_whom(invitation))
        notice.offer(said, url_for(".give_back_invitation", invitation_id=invitation.id))
        return redirect(url_for(".invitations"), 303)
    return _page(), 422


@bp.post("/people/invitations/<id:invitation_id>/give-back")
@allows(Permission.MANAGE_PEOPLE)
def give_back_invitation(invitation_id: int) -> Response | tuple[str, int]:
    invitation = _invitation_or_404(invitation_id)
    if ConfirmForm().validate_on_submit():
        service.give_back(invitation, g.membership)
        db.session.commit()
        flash(_("The link for %(whom)s works again.", whom=_whom(invitation)))
        return redirect(url_for(".invitations", _anchor=f"coalitions-invitation-{invitation.id}"), 303)
    return _page(), 422


def _invitation_or_404(invitation_id: int) -> Invitation:
    return service.invitation_of(g.membership, invitation_id) or abort(404)


def _whom(row: Invitation) -> str:
    return row.label or row.email or _("anyone who has it")


def _page(
    bound: InviteForm | None = None, opened: OpenInvitationForm | None = None, *, is_open: bool = False
) -> str:
    """Draws the page; `is_open` says whether the second form is unfolded."""
    shown = [_shown(row) for row in service.invitations_of(g.membership)]
    usable = [row for row in shown if row.state is InvitationState.USABLE]
    return render_template(
        "coalitions/invitations/invitations.html",
        bound=bound or InviteForm(formdata=None),
        opened=opened or OpenInvitationForm(formdata=None),
        is_open=is_open,
        confirm=ConfirmForm(formdata=None),
        usable=usable,
        over=[row for row in shown if row.state is not InvitationState.USABLE],
        sheet_ids=[row.id for row in usable if row.link][:SHEET_MOST],
    )


def _link(invitation: Invitation) -> str | None:
    token = service.token_of(invitation)
    return links.external(url_for("join.open_link", token=token)) if token else None


def _shown(row: Invitation) -> Shown:
    state = service.state_of(row)
    bound = row.kind is InvitationKind.BOUND
    return Shown(
        id=row.id,
        whom=row.label or row.email or _("Anyone with the link"),
        detail=row.email if bound and row.label else "",
        kind=str(INVITATION_KIND_WORDS[row.kind]) if bound or row.needs_approval else _("Made on the server"),
        role=str(ROLE_WORDS[row.role]),
        state=state,
        state_words=str(INVITATION_WORDS[state]),
        made_by=row.created_by.name if row.created_by else _("The person who runs this site"),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        uses_left=row.uses_left,
        link=_link(row) if state is InvitationState.USABLE else None,
        may_come_back=state is InvitationState.REVOKED and row.expires_at > clock.now() and row.uses_left > 0,
    )


def _card(row: Invitation) -> Card | None:
    link = _link(row)
    if link is None:
        return None
    return Card(
        id=row.id,
        whom=row.label or row.email or g.coalition.name,
        email=row.email,
        role=str(ROLE_WORDS[row.role]),
        link=link,
        qr=links.qr(link),
        text=_ready_text(row, link),
        expires_at=row.expires_at,
    )


def _ready_text(row: Invitation, link: str) -> str:
    """Returns a text that a coordinator can send as it is."""
    if row.kind is InvitationKind.OPEN:
        return _(
            "You are invited to join %(coalition)s. Open this link and say who you are; a "
            "coordinator will then approve you: %(link)s",
            coalition=g.coalition.name,
            link=link,
        )
    greeting = _("Hello %(name)s,", name=row.label) if row.label else _("Hello,")
    return _(
        "%(greeting)s you are invited to join %(coalition)s. This link is for you (%(email)s): %(link)s",
        greeting=greeting,
        coalition=g.coalition.name,
        email=row.email,
        link=link,
    )


def _say_who_is_here(addresses: list[str]) -> None:
    if addresses:
        flash(
            ngettext(
                "%(who)s is already a member and got no link.",
                "%(who)s are already members and got no link.",
                len(addresses),
                who=", ".join(addresses),
            )
        )


def _id_of(text: str) -> int:
    return int(text) if _is_id(text) else 0


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
