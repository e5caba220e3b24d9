"""Serves the texts of the funder report, and the coalition's own order of its sections."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions.queries.done import done_between
from engage.reports import bp
from engage.reports.funder import labels, rules, service
from engage.reports.funder.forms import OrderForm, PartTextForm, text_forms
from engage.reports.funder.pages import page as page_of
from engage.reports.funder.pages import texts as texts_pages
from engage.reports.funder.pages.facts import facts
from engage.reports.funder.pages.found import Found
from engage.reports.funder.pages.page import Asked
from engage.reports.funder.pages.texts import SavedText
from engage.reports.funder.queries import texts as texts_queries
from engage.reports.funder.routes.shared import asked_here, today
from engage.reports.funder.rules import Part
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment


def _texts_page(
    asked: Asked, forms: list[PartTextForm], found: dict[Part, str], stale: list[Difference]
) -> str:
    return render_template(
        "reports/funder/texts.html",
        forms=forms,
        facts=found,
        asked=asked,
        dates=labels.dates(asked.period),
        differences=stale or None,
        back=url_for(".funder", **asked.args()),
    )


def _text_forms(asked: Asked, *, typed: bool) -> tuple[list[PartTextForm], dict[Part, str]]:
    parts, _has_order = page_of.parts_asked(g.membership, asked.layout)
    period = asked.period
    done = done_between(g.membership, period.eve, period.until)
    found = facts(Found.of(g.membership, period, today(), small=False), done)
    saved = texts_queries.texts_of(g.membership, asked.period)
    return text_forms(parts, saved, found, typed=typed), found


@bp.get("/funder/texts")
@allows(Permission.REPORT)
def funder_texts() -> str:
    asked = asked_here()
    return _texts_page(asked, *_text_forms(asked, typed=False), [])


@bp.post("/funder/texts")
@allows(Permission.REPORT)
def save_funder_texts() -> BaseResponse | tuple[str, int]:
    """Saves changed texts; the button also saves boxes that still show the computed facts."""
    asked = asked_here()
    forms, found = _text_forms(asked, typed=True)
    if not ConfirmForm().validate_on_submit():
        return _texts_page(asked, forms, found, []), 422
    saved = _save(asked, forms, set() if wants_fragment() else set(found))
    db.session.commit()
    if wants_fragment():
        return fragments(*texts_pages.pieces(saved), status=saved.status)
    if saved.status == 200:
        flash(_("Your words are saved."))
        return redirect(url_for(".funder", **asked.args()), 303)
    for part, row in saved.stale.items():
        saved.typed[part].show(row)  # who saves again has then seen both texts
    return _texts_page(asked, forms, found, texts_pages.differences(saved)), saved.status


def _save(asked: Asked, forms: list[PartTextForm], begun: set[Part]) -> SavedText:
    """Saves each box that was sent; a refused box does not prevent saving the others."""
    begun = begun - texts_queries.texts_of(g.membership, asked.period).keys()
    typed = {each.part: each for each in forms if each.is_changed or (each.is_here and each.part in begun)}
    refused = {part for part, form in typed.items() if not form.validate()}
    texts = {
        part: service.Typed(form.seen_version, form.text.data or "")
        for part, form in typed.items()
        if part not in refused
    }
    stale = service.save_texts(g.membership, asked.period, texts)
    now = texts_queries.texts_of(g.membership, asked.period)
    for part in texts.keys() - stale.keys():
        typed[part].show(now[part])
    return SavedText(typed, refused, stale)


# -- the coalition's own order


def _order_page(form: OrderForm, found: list[Difference] | None = None) -> str:
    back = url_for(".funder", **asked_here().args())
    return render_template("reports/funder/order.html", form=form, differences=found, back=back)


def _saved_order() -> OrderForm:
    order = texts_queries.order_of(g.membership)
    parts = rules.parts_of(rules.Layout.OWN, order.parts if order is not None else ())
    data: dict[str, object] = {part.value: place for place, part in enumerate(parts, start=1)}
    data["version"] = str(order.version if order is not None else 0)
    return OrderForm(formdata=None, data=data)


@bp.get("/funder/order")
@allows(Permission.REPORT)
def funder_order() -> str:
    return _order_page(_saved_order())


@bp.post("/funder/order")
@allows(Permission.REPORT)
def save_funder_order() -> BaseResponse | tuple[str, int]:
    form, found, status = OrderForm(), None, 422
    if form.validate_on_submit():
        try:
            service.save_order(g.membership, form.opened_version, rules.ordered(form.chosen))
            db.session.commit()
            flash(_("Your order is saved."))
            asked = asked_here()
            return redirect(url_for(".funder", **asked.args(layout=None)), 303)
        except StaleVersion:
            saved = _saved_order()
            found, status = differences(form, saved, saved.opened_version), 409
    return _order_page(form, found), status
