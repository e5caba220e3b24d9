"""Serves conversations with an organization: logging one quickly, and editing and deleting your own."""

from flask import abort, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.dates import long_day
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import bp
from engage.partners.contacts import service as contacts_service
from engage.partners.conversations import service
from engage.partners.conversations.forms import ConversationForm
from engage.partners.models import Conversation, Organization
from engage.partners.organizations.routes import address_of, organization_or_404
from engage.web.differences import Difference, differences


def _conversation_or_404(conversation_id: int) -> tuple[Conversation, Organization]:
    conversation = service.conversation_of(g.membership, conversation_id) or gone(
        service.TABLE, conversation_id
    )
    return conversation, organization_or_404(conversation.organization_id)


def _form(
    organization: Organization, conversation: Conversation | None = None, *, typed: bool
) -> ConversationForm:
    """Returns the form as it was posted (`typed`), else filled from the row, or empty with today's date."""
    today = clock.today(g.coalition.time_zone)
    if typed:
        form = ConversationForm(today)
    elif conversation is not None:
        form = ConversationForm(today, formdata=None, obj=conversation)
        form.level.data = "" if conversation.level is None else str(conversation.level)
    else:
        form = ConversationForm(today, formdata=None, happened_on=today)
    form.contact_id.offer(contacts_service.contact_choices(organization))
    return form


def _form_page(
    form: ConversationForm,
    organization: Organization,
    conversation: Conversation | None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "partners/conversations/conversation_form.html",
        form=form,
        organization=organization,
        conversation=conversation,
        differences=found,
    )


@bp.get("/<id:organization_id>/conversations/new")
@allows(Permission.WORK)
def new_conversation(organization_id: int) -> str:
    organization = organization_or_404(organization_id)
    form = _form(organization, typed=False)
    if len(form.contact_id.choices) > 1:
        form.contact_id.data = form.contact_id.choices[1].value  # the first contact is the main one
    return _form_page(form, organization, None)


@bp.post("/<id:organization_id>/conversations/new")
@allows(Permission.WORK)
def log_conversation(organization_id: int) -> Response | tuple[str, int]:
    organization = organization_or_404(organization_id)
    form = _form(organization, typed=True)
    if form.validate_on_submit():
        service.log(g.membership, organization, form.fields())
        db.session.commit()
        flash(_("The conversation is logged."))
        return redirect(address_of(organization, "partners-conversations"), 303)
    return _form_page(form, organization, None), 422


@bp.get("/conversations/<id:conversation_id>/edit")
@allows(Permission.WORK)
def edit_conversation(conversation_id: int) -> str:
    conversation, organization = _own_conversation(conversation_id)
    return _form_page(_form(organization, conversation, typed=False), organization, conversation)


@bp.post("/conversations/<id:conversation_id>/edit")
@allows(Permission.WORK)
def save_conversation(conversation_id: int) -> Response | tuple[str, int]:
    conversation, organization = _own_conversation(conversation_id)
    form, found, status = _form(organization, conversation, typed=True), None, 422
    if form.validate_on_submit():
        try:
            version, fields = form.opened_version, form.fields()
            service.edit(g.membership, organization, conversation, version, fields)
            db.session.commit()
            flash(_("Saved."))
            return redirect(address_of(organization, "partners-conversations"), 303)
        except StaleVersion:
            saved = _form(organization, conversation, typed=False)
            found, status = differences(form, saved, conversation.version), 409
    return _form_page(form, organization, conversation, found), status


def _own_conversation(conversation_id: int) -> tuple[Conversation, Organization]:
    conversation, organization = _conversation_or_404(conversation_id)
    if conversation.written_by_id != g.membership.id:
        abort(404)
    return conversation, organization


@asks_to_delete(bp, "/conversations/<id:conversation_id>/delete", Permission.WORK)
def delete_conversation(conversation_id: int) -> Deletion:
    conversation, organization = _conversation_or_404(conversation_id)
    return Deletion(
        page="partners/ask_to_delete.html",
        title=_("Delete this conversation?"),
        what=_("The conversation of %(day)s", day=long_day(conversation.happened_on)),
        more=_("The relationship’s level will then come from the next newest conversation."),
        about={"organization": organization, "may_delete": service.may_delete(g.membership, conversation)},
        back=address_of(organization),
        delete=lambda: (
            _("The conversation is in the trash."),
            service.delete(g.membership, organization, conversation),
        ),
        then=address_of(organization, "partners-conversations"),
    )
