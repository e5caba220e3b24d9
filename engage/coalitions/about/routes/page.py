"""Serves About us, and the statement that members accept."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions import bp
from engage.coalitions.about import pages, service
from engage.coalitions.about.forms import AcceptForm, PaperForm
from engage.coalitions.about.labels import PART_LABELS
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.public.pages import open_rows


@bp.get("/about/")
@allows(Permission.SEE)
def about_us() -> str:
    today = clock.today(g.coalition.time_zone)
    shown = pages.about_us(g.membership, today)
    return render_template(
        "coalitions/about/about_us.html",
        shown=shown,
        parts=PART_LABELS,
        welcomes=request.args.get("welcome") == "yes",
        open_meetings=open_rows(g.coalition, today),
        accept=AcceptForm(formdata=None, number=str(shown.statement.number)),
    )


@bp.post("/about/accept")
@allows(Permission.WORK)
def accept_statement() -> Response:
    form = AcceptForm()
    if form.validate_on_submit():
        service.accept(g.membership, form.accepted)
        db.session.commit()
        flash(_("Thank you. You accepted the confidentiality statement."))
        return redirect(url_for("home.index"), 303)
    return redirect(url_for(".about_us"), 303)


@bp.get("/about/accepted")
@allows(Permission.MANAGE_PEOPLE)
def accepted_statement() -> str:
    return _accepted(PaperForm(formdata=None), pages.signatures(g.membership))


@bp.post("/about/accepted")
@allows(Permission.MANAGE_PEOPLE)
def save_paper_signatures() -> Response | tuple[str, int]:
    form, found = PaperForm(), pages.signatures(g.membership)
    form.offer([(each.id, each.name) for each in found.waiting])
    if form.validate_on_submit():
        number = service.accepted_on_paper(g.membership, [int(key) for key in form.people.data])
        db.session.commit()
        flash(ngettext("%(num)s signature is recorded.", "%(num)s signatures are recorded.", number))
        return redirect(url_for(".accepted_statement"), 303)
    return _accepted(form, found), 422


def _accepted(form: PaperForm, found: pages.Signatures) -> str:
    form.offer([(each.id, each.name) for each in found.waiting])
    return render_template(
        "coalitions/about/accepted.html",
        form=form,
        waiting=found.waiting,
        signed=found.signed,
        is_written=found.is_written,
    )
