"""Serves a person's own place in a coalition: what they do and offer, and what others see."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.addresses import is_page_of
from engage.chain.offers.pages import Offers
from engage.coalitions import queries, reach
from engage.coalitions.blueprint import bp
from engage.coalitions.joining.routes.join import discipline_groups
from engage.coalitions.people import service as people_service
from engage.coalitions.people.forms import ContactForm, DisciplinesForm, OfferForm
from engage.coalitions.people.routes.person import origin_words
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice, restoring
from engage.coalitions.words import ROLE_WHY, ROLE_WORDS
from engage.extensions import db
from engage.frame.access import allows
from engage.strengths import queries as strengths
from engage.strengths import service as strengths_service
from engage.web.forms import ConfirmForm


@bp.get("/people/me")
@allows(Permission.SEE)
def my_profile() -> str:
    return _page()


@bp.post("/people/me/disciplines")
@allows(Permission.SEE)
def save_disciplines() -> Response | tuple[str, int]:
    form = DisciplinesForm()
    if form.validate_on_submit():
        people_service.set_disciplines(g.membership, form.disciplines.data or [], g.membership)
        db.session.commit()
        flash(_("Your kinds of work are saved."))
        return redirect(url_for(".my_profile"), 303)
    return _page(disciplines=form), 422


@bp.post("/people/me/offers")
@allows(Permission.SEE)
def offer() -> Response | tuple[str, int]:
    form = OfferForm()
    if form.validate_on_submit():
        strengths_service.offer(g.membership, form.offer.data or "")
        db.session.commit()
        flash(_("Thank you. What you offer is on the list."))
        return redirect(url_for(".my_profile"), 303)
    return _page(offering=form), 422


@bp.post("/people/me/offers/<id:strength_id>/withdraw")
@allows(Permission.SEE)
def withdraw_offer(strength_id: int) -> Response | tuple[str, int]:
    strength = strengths.strength_of_person(g.membership, strength_id)
    if strength is None:
        abort(404)
    if ConfirmForm().validate_on_submit():
        title = strength.title
        copy = strengths_service.withdraw(strength, g.membership)
        db.session.commit()
        said = _("“%(title)s” is removed from the list.", title=title)
        if copy is not None:
            notice.offer(said, url_for(".undo_withdrawing", copy_id=copy.id))
        else:
            notice.offer(said, url_for(".offer_again", strength_id=strength_id))
        return redirect(url_for(".my_profile"), 303)
    return _page(), 422


@bp.post("/people/me/offers/<id:copy_id>/undo")
@allows(Permission.SEE)
def undo_withdrawing(copy_id: int) -> Response | tuple[str, int]:
    """Restores what this person took off the list, because viewers have no trash in which to do so."""
    if not ConfirmForm().validate_on_submit():
        return _page(), 422
    copy = strengths_service.withdrawn_by(g.membership, copy_id) or abort(404)
    restored = restoring.restore(g.membership, copy)
    db.session.commit()
    flash(_("“%(title)s” is back on the list.", title=restored.row["title"]))
    return redirect(url_for(".my_profile"), 303)


@bp.post("/people/me/offers/<id:strength_id>/offer-again")
@allows(Permission.SEE)
def offer_again(strength_id: int) -> Response | tuple[str, int]:
    """Restores what was withdrawn instead of deleted, because something depended on it."""
    if not ConfirmForm().validate_on_submit():
        return _page(), 422
    own = strengths.ever_offered_by(g.membership)
    strength = next((each for each in own if each.id == strength_id), None) or abort(404)
    strengths_service.offer_again(strength, g.membership)
    db.session.commit()
    flash(_("“%(title)s” is back on the list.", title=strength.title))
    return redirect(url_for(".my_profile"), 303)


@bp.post("/people/me/contact")
@allows(Permission.SEE)
def save_contact() -> Response | tuple[str, int]:
    form = ContactForm()
    if form.validate_on_submit():
        people_service.show_contact(
            g.membership,
            form.phone.data or "",
            shows_email=form.shows_email.data,
            shows_phone=form.shows_phone.data,
            named_in_public=form.named_in_public.data,
        )
        db.session.commit()
        flash(_("Your choices about what others see are saved."))
        return redirect(url_for(".my_profile"), 303)
    return _page(contact=form), 422


@bp.post("/people/me/understood")
@allows(Permission.SEE)
def understood() -> Response:
    """Notes that this person read who sees their address, and leads back to the page that showed the notice."""
    if ConfirmForm().validate_on_submit():
        people_service.understand(g.membership)
        db.session.commit()
        flash(_("Thank you. Coordinators can write to you now."))
    wanted = request.form.get("next", "")
    return redirect(wanted if is_page_of(wanted, g.coalition.slug) else url_for("home.index"), 303)


def _page(
    disciplines: DisciplinesForm | None = None,
    offering: OfferForm | None = None,
    contact: ContactForm | None = None,
) -> str:
    me = g.membership
    disciplines = disciplines or DisciplinesForm(formdata=None, disciplines=queries.disciplines_of(me.id))
    return render_template(
        "coalitions/people/my_profile.html",
        me=me,
        role=ROLE_WORDS[me.role],
        role_why=ROLE_WHY[me.role],
        origin=origin_words(me),
        form=disciplines,
        groups=discipline_groups(disciplines),
        offers=Offers.of(me, strengths.strengths_of_person(me)),
        offer=offering or OfferForm(formdata=None),
        contact=contact or ContactForm(formdata=None, obj=me),
        confirm=ConfirmForm(formdata=None),
        must_be_told=reach.must_be_told(me),
    )
