"""Serves a person's own profile in a coalition: what they do and offer, and what others see."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.addresses import is_page_of
from engage.chain.offers.pages import Offers
from engage.coalitions import bp, queries, reach
from engage.coalitions.labels import ROLE_LABELS, ROLE_WHY
from engage.coalitions.people import service as people_service
from engage.coalitions.people.pages import discipline_groups
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice, restoring
from engage.directory.people.forms import DisciplinesForm, OfferForm, OwnContactForm
from engage.directory.people.routes.person import origin_words
from engage.extensions import db
from engage.i18n import gettext as _
from engage.strengths import queries as strengths
from engage.strengths import service as strengths_service
from engage.web.access import button


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
@button
def withdraw_offer(strength_id: int) -> Response:
    strength = strengths.strength_of_person(g.membership, strength_id)
    if strength is None:
        abort(404)
    title = strength.title
    copy = strengths_service.withdraw(strength, g.membership)
    db.session.commit()
    said = _("“%(title)s” is removed from the list.", title=title)
    if copy is not None:
        notice.offer(said, url_for(".undo_withdrawing", copy_id=copy.id))
    else:
        notice.offer(said, url_for(".offer_again", strength_id=strength_id))
    return redirect(url_for(".my_profile"), 303)


@bp.post("/people/me/offers/<id:copy_id>/undo")
@allows(Permission.SEE)
@button
def undo_withdrawing(copy_id: int) -> Response:
    """Restores an offer that this person removed, because viewers cannot open the trash."""
    copy = strengths_service.withdrawn_by(g.membership, copy_id) or abort(404)
    restored = restoring.restore(g.membership, copy)
    db.session.commit()
    flash(_("“%(title)s” is back on the list.", title=restored.row["title"]))
    return redirect(url_for(".my_profile"), 303)


@bp.post("/people/me/offers/<id:strength_id>/offer-again")
@allows(Permission.SEE)
@button
def offer_again(strength_id: int) -> Response:
    """Restores an offer that could only be withdrawn, not deleted, because something depended on it."""
    own = strengths.ever_offered_by(g.membership)
    strength = next((each for each in own if each.id == strength_id), None) or abort(404)
    strengths_service.offer_again(strength, g.membership)
    db.session.commit()
    flash(_("“%(title)s” is back on the list.", title=strength.title))
    return redirect(url_for(".my_profile"), 303)


@bp.post("/people/me/contact")
@allows(Permission.SEE)
def save_contact() -> Response | tuple[str, int]:
    form = OwnContactForm()
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
@button
def understood() -> Response:
    """Records that the person read who sees their address, then redirects to the page with that notice."""
    people_service.understand(g.membership)
    db.session.commit()
    flash(_("Thank you. Coordinators can write to you now."))
    wanted = request.form.get("next", "")
    return redirect(wanted if is_page_of(wanted, g.coalition.slug) else url_for("home.index"), 303)


def _page(
    disciplines: DisciplinesForm | None = None,
    offering: OfferForm | None = None,
    contact: OwnContactForm | None = None,
) -> str:
    me = g.membership
    disciplines = disciplines or DisciplinesForm(formdata=None, disciplines=queries.disciplines_of(me.id))
    return render_template(
        "directory/people/my_profile.html",
        me=me,
        role=ROLE_LABELS[me.role],
        role_why=ROLE_WHY[me.role],
        origin=origin_words(me),
        form=disciplines,
        groups=discipline_groups(disciplines),
        offers=Offers.of(me, strengths.strengths_of_person(me)),
        offer=offering or OfferForm(formdata=None),
        contact=contact or OwnContactForm(formdata=None, obj=me),
        must_be_told=reach.must_be_told(me),
    )
