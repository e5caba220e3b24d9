"""Serves invitations by link: making, showing, printing and revoking them."""

from datetime import datetime

from flask import abort, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from msgspec import Struct
from werkzeug.wrappers import Response

from engage import clock
from engage.accounts.sessions import reauthenticate
from engage.coalitions import bp
from engage.coalitions.invitations import service, texts
from engage.coalitions.labels import (
    INVITATION_KIND_LABELS,
    INVITATION_LABELS,
    PROGRESS_LABELS,
    PROGRESS_TAGS,
    ROLE_LABELS,
)
from engage.coalitions.models import Invitation
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.ready_texts import ReadyText
from engage.coalitions.rules import InvitationKind, InvitationProgress, InvitationState, Role
from engage.coalitions.trash import notice
from engage.directory.people.forms import InviteForm, OpenInvitationForm
from engage.errors import FieldRefused
from engage.extensions import db, mail_server
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.messages.letters import inviting
from engage.numbers import whole_number
from engage.partners.coverage.recruitments import labels as recruitments_labels
from engage.partners.coverage.recruitments import service as recruitments_service
from engage.web import links
from engage.web.access import button, evening_step
from engage.web.htmx import wants_fragment
from engage.web.papers import on_paper

SHEET_MOST = 200


class ShownInvitation(Struct, frozen=True):
    """An invitation as the list shows it; `link` is None if the link cannot be shown again or has ended."""

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
    # None for an open link, which has no single recipient.
    progress: InvitationProgress | None
    progress_words: str
    sent_at: datetime | None


class InvitationCard(Struct, frozen=True):
    """One invitation on the printed sheet."""

    id: int
    whom: str
    email: str
    role: str
    link: str
    qr: Markup
    ready: ReadyText
    expires_at: datetime
    is_bound: bool
    progress: InvitationProgress
    progress_words: str
    sent_at: datetime | None


@bp.get("/people/invitations/")
@allows(Permission.MANAGE_PEOPLE)
def invitations() -> str:
    """Shows the form; for an open recruitment, it is filled in with the purpose of the link."""
    recruitment = recruitments_service.line_of(g.membership, _id_of(request.args.get("recruitment", "")))
    if recruitment is None:
        return _page()
    contact = recruitments_service.contact_to_ask(g.membership, recruitment.organization_id)
    addresses = "{} <{}>".format(*contact) if contact is not None else ""
    bound = InviteForm(formdata=None, addresses=addresses)
    opened = OpenInvitationForm(formdata=None, label=recruitments_labels.named(recruitment)[:120])
    return _page(bound, opened, is_open=contact is None)


@bp.post("/people/invitations/bound")
@allows(Permission.MANAGE_PEOPLE)
@evening_step
def invite() -> Response | tuple[str, int]:
    """Makes links bound to the pasted addresses. Sends them by mail, or redirects to the page to hand them out."""
    form = InviteForm()
    if form.validate_on_submit():
        if (asked := _password_for(Role(form.role.data))) is not None:
            return asked
        made = service.invite_people(g.membership, form.read.people, Role(form.role.data), form.days.days)
        ids = [row.id for row in made.invitations]
        sent = inviting.send(g.membership, ids) if _wants_mail() else 0
        db.session.commit()
        _say_who_is_here(made.already_here)
        _say_sent(sent)
        if sent or not ids:
            return redirect(url_for(".invitations"), 303)
        return redirect(url_for(".sheet", id=ids), 303)
    return _page(bound=form), 422


def _wants_mail() -> bool:
    return request.form.get("do") == "send" and mail_server() is not None


@bp.post("/people/invitations/send")
@allows(Permission.MANAGE_PEOPLE)
@button
@evening_step
def send_invitations() -> Response:
    """Sends every invitation by mail that was not sent yet."""
    if mail_server() is None:
        abort(404)
    sent = inviting.send(g.membership)
    db.session.commit()
    _say_sent(sent)
    return redirect(url_for(".invitations"), 303)


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
@on_paper
def sheet() -> Response | str:
    """Shows links with a ready text for each, to send one by one, and as codes on paper.

    Without ids in the address, these are the invitations that no one has sent.
    """
    if "id" in request.args:
        rows = service.usable_of(g.membership, _asked()) or abort(404)
    elif not (rows := service.unsent_of(g.membership)[:SHEET_MOST]):
        return redirect(url_for(".invitations"), 303)
    cards = [card for row in rows if (card := _card(row)) is not None]
    waiting = sum(card.is_bound and card.progress is InvitationProgress.NOT_SENT for card in cards)
    return render_template(
        "directory/joining/sheet.html",
        cards=cards,
        tags=PROGRESS_TAGS,
        ids=[row.id for row in rows],
        all_texts="\n\n----\n\n".join(_with_address(card) for card in cards),
        missing=len(rows) - len(cards),
        waiting=waiting,
        unsent=service.unsent_count(g.membership),
        sends_from_here=waiting and mail_server() is not None,
        mail=inviting.words_shown(g.membership) if waiting and mail_server() is not None else None,
    )


@bp.post("/people/invitations/sent")
@allows(Permission.MANAGE_PEOPLE)
@button
@evening_step
def mark_all_sent() -> Response:
    """Records that all links of this sheet were sent."""
    ids = _asked()
    marked = service.note_all_sent(service.usable_of(g.membership, ids), g.membership)
    db.session.commit()
    words = ngettext(
        "%(num)s invitation is marked as sent.", "%(num)s invitations are marked as sent.", marked
    )
    flash(words)
    return redirect(url_for(".sheet", id=ids), 303)


@bp.post("/people/invitations/<id:invitation_id>/sent")
@allows(Permission.MANAGE_PEOPLE)
@button
@evening_step
def mark_sent(invitation_id: int) -> Response | str:
    """Records that a link was sent, or that it was not, then redirects to its card on the sheet."""
    invitation = _invitation_or_404(invitation_id)
    service.note_sent(invitation, g.membership, was_sent="not" not in request.form)
    db.session.commit()
    card = _card(invitation) if service.state_of(invitation) is InvitationState.USABLE else None
    ids = _asked() or [invitation.id]
    if wants_fragment() and card is not None:
        return render_template(
            "directory/joining/_card.html",
            card=card,
            tags=PROGRESS_TAGS,
            ids=ids,
        )
    if card is None:
        return redirect(url_for(".invitations"), 303)
    return redirect(url_for(".sheet", id=ids, _anchor=f"coalitions-card-{invitation.id}"), 303)


def _with_address(card: InvitationCard) -> str:
    whom = f"{card.whom} <{card.email}>" if card.email not in ("", card.whom) else card.whom
    return f"{whom}\n\n{card.ready.text}"


def _asked() -> list[int]:
    told = map(whole_number, request.args.getlist("id")[:SHEET_MOST])
    return [number for number in told if number is not None]


@bp.post("/people/invitations/<id:invitation_id>/revoke")
@allows(Permission.MANAGE_PEOPLE)
@button
def revoke_invitation(invitation_id: int) -> Response:
    invitation = _invitation_or_404(invitation_id)
    service.revoke(invitation, g.membership)
    db.session.commit()
    said = _("The link for %(who)s is revoked and no longer works.", who=_whom(invitation))
    notice.offer(said, url_for(".give_back_invitation", invitation_id=invitation.id))
    return redirect(url_for(".invitations"), 303)


@bp.post("/people/invitations/<id:invitation_id>/give-back")
@allows(Permission.MANAGE_PEOPLE)
@button
def give_back_invitation(invitation_id: int) -> Response:
    invitation = _invitation_or_404(invitation_id)
    if (asked := _password_for(invitation.role)) is not None:
        return asked
    service.give_back(invitation, g.membership)
    db.session.commit()
    flash(_("The link for %(who)s works again.", who=_whom(invitation)))
    return redirect(url_for(".invitations", _anchor=f"coalitions-invitation-{invitation.id}"), 303)


def _password_for(role: Role) -> Response | None:
    """Asks for the password again, as changing a role does, before a link makes someone a coordinator."""
    return reauthenticate.ask() if role is Role.COORDINATOR else None


def _invitation_or_404(invitation_id: int) -> Invitation:
    return service.invitation_of(g.membership, invitation_id) or abort(404)


def _whom(row: Invitation) -> str:
    return row.label or row.email or _("anyone who has it")


def _page(
    bound: InviteForm | None = None, opened: OpenInvitationForm | None = None, *, is_open: bool = False
) -> str:
    """Renders the page; `is_open` says whether the second form is expanded."""
    shown = [_shown(row) for row in service.invitations_of(g.membership)]
    usable = [row for row in shown if row.state is InvitationState.USABLE]
    sendable = [row for row in usable if row.link]
    return render_template(
        "directory/joining/invitations.html",
        tags=PROGRESS_TAGS,
        bound=bound or InviteForm(formdata=None),
        opened=opened or OpenInvitationForm(formdata=None),
        is_open=is_open,
        usable=usable,
        over=[row for row in shown if row.state is not InvitationState.USABLE],
        sheet_ids=[row.id for row in sendable][:SHEET_MOST],
        not_sent=_ids(sendable, {InvitationProgress.NOT_SENT}),
        sends_from_here=mail_server() is not None,
        mail=inviting.words_shown(g.membership) if mail_server() is not None else None,
        not_come=_ids(sendable, {InvitationProgress.SENT, InvitationProgress.STARTED}),
    )


def _ids(rows: list[ShownInvitation], progress: set[InvitationProgress]) -> list[int]:
    return [row.id for row in rows if row.progress in progress][:SHEET_MOST]


def _link(invitation: Invitation) -> str | None:
    token = service.token_of(invitation)
    return links.external(url_for("join.open_link", token=token)) if token else None


def _shown(row: Invitation) -> ShownInvitation:
    state = service.state_of(row)
    bound = row.kind is InvitationKind.BOUND
    progress = service.progress_of(row) if bound else None
    return ShownInvitation(
        id=row.id,
        whom=row.label or row.email or _("Anyone with the link"),
        detail=row.email if bound and row.label else "",
        kind=str(INVITATION_KIND_LABELS[row.kind])
        if bound or row.needs_approval
        else _("Made on the server"),
        role=str(ROLE_LABELS[row.role]),
        state=state,
        state_words=_state_words(state, progress),
        made_by=row.created_by.name if row.created_by else _("The person who runs this site"),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        uses_left=row.uses_left,
        link=_link(row) if state is InvitationState.USABLE else None,
        may_come_back=state is InvitationState.REVOKED and row.expires_at > clock.now() and row.uses_left > 0,
        progress=progress,
        progress_words=str(PROGRESS_LABELS[progress]) if progress is not None else "",
        sent_at=row.sent_at,
    )


def _state_words(state: InvitationState, progress: InvitationProgress | None) -> str:
    if progress is InvitationProgress.JOINED:
        return str(PROGRESS_LABELS[progress])
    return str(INVITATION_LABELS[state])


def _card(row: Invitation) -> InvitationCard | None:
    link = _link(row)
    if link is None:
        return None
    return InvitationCard(
        id=row.id,
        whom=row.label or row.email or g.coalition.name,
        email=row.email,
        role=str(ROLE_LABELS[row.role]),
        link=link,
        qr=links.qr(link),
        ready=texts.invitation_text(row, link, g.membership),
        expires_at=row.expires_at,
        is_bound=row.kind is InvitationKind.BOUND,
        progress=service.progress_of(row),
        progress_words=str(PROGRESS_LABELS[service.progress_of(row)]),
        sent_at=row.sent_at,
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


def _say_sent(number: int) -> None:
    if number:
        flash(
            ngettext(
                "%(num)s invitation is on its way by e-mail.",
                "%(num)s invitations are on their way by e-mail.",
                number,
            )
        )


def _id_of(text: str) -> int:
    return whole_number(text) or 0
