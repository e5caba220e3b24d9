"""Serves reporting a text and, for coordinators, keeping the text or removing it for good."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from engage.coalitions import bp
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.operations.labels import OUTCOME_LABELS, REASON_LABELS
from engage.operations.redaction import pages as redaction_pages
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.pages import PageFound
from engage.operations.redaction.service import FoundText, RedactionTarget
from engage.operations.reported import service
from engage.operations.reported.models import ReportReason
from engage.web.access import button, recently
from engage.web.forms import ConfirmForm, EngageForm, OneOf

CHOSEN_MOST = 200


class ReportForm(EngageForm):
    """The form of a report: the page and a reason, but no free text, which could repeat the reported text."""

    page = HiddenField()
    reason = OneOf(
        _l("Why should this text not be here?"),
        {reason.value: words for reason, words in REASON_LABELS.items()},
        required=_l("Choose why."),
    )


def _page_or_404() -> PageFound:
    return redaction_pages.page_at(g.membership, request.values.get("page", "")) or abort(404)


def _address(page: str) -> str:
    return f"{url_for('home.index')}{page}"


# -- reporting, for everyone who can open the page


@bp.get("/settings/report")
@allows(Permission.SEE)
def report_text() -> str:
    return _report_page(_page_or_404(), ReportForm(formdata=None))


@bp.post("/settings/report")
@allows(Permission.SEE)
def save_report() -> Response | tuple[str, int]:
    page, form = _page_or_404(), ReportForm()
    if form.validate_on_submit():
        service.report(g.membership, page.page, ReportReason(form.reason.data))
        db.session.commit()
        flash(_("Thank you. A coordinator will look at this page."))
        return redirect(_address(page.page), 303)
    return _report_page(page, form), 422


def _report_page(page: PageFound, form: ReportForm) -> str:
    form.page.data = page.page
    return render_template(
        "operations/reported/report.html", form=form, page_url=_address(page.page), on=page.page
    )


# -- open reports, for coordinators


@bp.get("/settings/reports/")
@allows(Permission.REDACT)
def reported_texts() -> str:
    return _reported()


@bp.post("/settings/reports/<id:report_id>/keep")
@allows(Permission.REDACT)
@button
def keep_text(report_id: int) -> Response:
    report = service.report_of(g.membership, report_id) or abort(404)
    kept = service.keep(g.membership, report)
    db.session.commit()
    flash(_("The text stays, and the report is settled.") if kept else _("This report was already settled."))
    return redirect(url_for(".reported_texts"), 303)


def _reported() -> str:
    return render_template(
        "operations/reported/reports.html",
        waiting=service.reports_of(g.membership, is_open=True),
        settled=service.reports_of(g.membership, is_open=False),
        reasons=REASON_LABELS,
        outcomes=OUTCOME_LABELS,
        address=_address,
        form=ConfirmForm(formdata=None),
    )


# -- removing for good


@bp.get("/settings/texts")
@allows(Permission.REDACT)
def texts() -> str:
    """Shows all texts on a page that people wrote, for a coordinator to choose from."""
    page = _page_or_404()
    shown = redaction_pages.texts_on(g.membership, page)
    return render_template(
        "operations/reported/texts.html", shown=_named(shown), on=page.page, page_url=_address(page.page)
    )


@bp.get("/settings/texts/remove")
@allows(Permission.REDACT)
def confirm_redaction() -> str:
    """Shows what would be removed."""
    return _redaction_page(_page_or_404(), _chosen())


@bp.post("/settings/texts/remove")
@allows(Permission.REDACT)
@recently
def redact_texts() -> Response | tuple[str, int]:
    page, chosen = _page_or_404(), _chosen()
    if chosen and ConfirmForm().validate_on_submit():
        service.close_of_page(g.membership, page.page)
        gone = redaction_service.redact(g.membership, [each.target for each in chosen])
        db.session.commit()
        flash(
            ngettext(
                "%(num)s passage is removed for good.", "%(num)s passages are removed for good.", len(gone)
            )
        )
        # If the page's URL contained a removed text, the page has a new URL.
        asked = any(each.is_in_questions for each in gone)
        return redirect(url_for(".reported_texts") if asked else _address(page.page), 303)
    return _redaction_page(page, chosen), 422


def _chosen() -> list[FoundText]:
    asked = {
        target
        for text in request.values.getlist("text")[:CHOSEN_MOST]
        if (target := RedactionTarget.of(text))
    }
    return redaction_service.found(g.membership, asked)


def _redaction_page(page: PageFound, chosen: list[FoundText]) -> str:
    return render_template(
        "operations/reported/redact.html",
        shown=_named(chosen),
        elsewhere=_named(redaction_service.same_elsewhere(g.membership, chosen)),
        form=ConfirmForm(formdata=None),
        on=page.page,
        page_url=_address(page.page),
    )


def _named(shown: list[FoundText]) -> list[tuple[str, str, str, str]]:
    """Returns each text as (form value, label, the text, the URL of its own page or of one that shows it)."""
    addresses = redaction_pages.addresses_of(g.membership, [each.target for each in shown])
    return [
        (
            str(each.target),
            each.target.words,
            each.text,
            addresses.get((each.target.table, each.target.id), ""),
        )
        for each in shown
    ]
