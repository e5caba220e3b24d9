"""Serves reviews: a plan over a period, recorded with the meeting that reviewed it."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.clock import local_day
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.decisions.service import DecisionLine, decisions_between
from engage.meetings.held import held_meetings, likely_meeting, meeting_ref
from engage.plan import bp, queries
from engage.plan.actions.queries import origins
from engage.plan.changes import rules as changes_rules
from engage.plan.changes.rules import ChangePeriod
from engage.plan.models import Plan
from engage.plan.overview import places
from engage.plan.review import pages, service
from engage.plan.review.forms import ReviewForm, review_form
from engage.plan.review.models import Review
from engage.plan.undo.service import trash
from engage.web.differences import Difference, differences


def _period() -> ChangePeriod:
    return changes_rules.asked(request.args, changes_rules.to_review(places.today()))


def _plan(plans: Sequence[Plan], period: ChangePeriod) -> Plan | None:
    """Returns the plan that the address names, else the one that was in force."""
    asked = places.asked_id(request.args.get("plan"))
    if asked is None:
        return pages.plan_for(plans, period, g.coalition.time_zone)
    return next((each for each in plans if each.id == asked), None) or abort(404)


def _decisions(period: ChangePeriod, meeting_id: int | None) -> tuple[list[DecisionLine], list[DecisionLine]]:
    """Returns decisions of the review's meeting, and others of the period; none for a viewer."""
    if not may(g.membership.role, Permission.SEE_ALL):
        return [], []
    lines = decisions_between(g.membership, period.since, period.until, meeting_id)
    here = [each for each in lines if each.meeting_id == meeting_id]
    return here, [each for each in lines if each.meeting_id != meeting_id]


@bp.get("/review")
@allows(Permission.SEE)
def review() -> str:
    period, plans = _period(), queries.plans_of(g.membership)
    plan = _plan(plans, period)
    if plan is None:
        return render_template("plan/empty.html")
    held = service.reviews_of(g.membership)
    today = places.today()
    return _page(
        plan,
        period,
        None,
        presets=pages.presets(g.membership, plan, next(iter(held), None), today, period),
        held=[(each, pages.title_of(each.period), pages.period_words(each.period)) for each in held],
        plans=plans,
    )


def _page(plan: Plan, period: ChangePeriod, saved: Review | None, **more: object) -> str:
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    today = places.today()
    here, others = _decisions(period, saved.meeting_id if saved is not None else None)
    return render_template(
        "plan/review/review.html",
        shown=pages.page_of(g.membership, plan, period, today),
        saved=saved,
        meeting=meeting_ref(g.membership, saved.meeting_id) if saved is not None and sees_all else None,
        notes=service.notes_of(saved) if saved is not None and sees_all else {},
        decisions_here=here,
        decisions=others,
        decision_actions=origins.actions_of_decisions(g.membership) if here or others else {},
        today=today,
        period_words=pages.period_words(period),
        **{"presets": [], "held": [], "plans": [], **more},
    )


def _review_or_404(review_id: int) -> Review:
    return service.review_of(g.membership, review_id) or gone(Review.__tablename__, review_id)


def _plan_of(saved: Review) -> Plan:
    return db.session.get_one(Plan, saved.plan_id)


@bp.get("/reviews/<id:review_id>")
@allows(Permission.SEE)
def show_review(review_id: int) -> str:
    saved = _review_or_404(review_id)
    return _page(_plan_of(saved), ChangePeriod(saved.since, saved.until), saved)


# -- recording a review


def _form(plan: Plan, saved: Review | None, *, typed: bool) -> ReviewForm:
    """Returns the form as it was posted (`typed`), else filled from the row, or for the likely meeting."""
    goals = [(goal.id, goal.title) for goal in queries.goals_of(g.membership, plan.id)]
    notes = service.notes_of(saved) if saved is not None else {}
    held = held_meetings(g.membership, saved.meeting_id if saved is not None else None)
    settings: dict[str, object] = {} if typed else {"formdata": None, "obj": saved}
    if saved is None and not typed:
        likely, today = likely_meeting(g.membership, held), places.today()
        day = local_day(likely.starts_at, g.coalition.time_zone) if likely is not None else today
        settings["data"] = {"held_on": min(day, today), "meeting_id": likely.id if likely is not None else 0}
    form = review_form(goals, notes, places.today(), **settings)
    form.meeting_id.offer_held(held)
    return form


def _form_page(
    form: ReviewForm,
    plan: Plan,
    period: ChangePeriod,
    saved: Review | None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "plan/review/review_form.html",
        form=form,
        plan=plan,
        period_words=pages.period_words(period),
        saved=saved,
        action=request.full_path.rstrip("?"),
        back=url_for(".show_review", review_id=saved.id)
        if saved is not None
        else url_for(".review", plan=plan.id, **period.args()),
        differences=found,
    )


def _asked_plan() -> Plan:
    return _plan(queries.plans_of(g.membership), _period()) or abort(404)


@bp.get("/reviews/new")
@allows(Permission.EDIT_PLAN)
def new_review() -> str:
    plan = _asked_plan()
    return _form_page(_form(plan, None, typed=False), plan, _period(), None)


@bp.post("/reviews/new")
@allows(Permission.EDIT_PLAN)
def hold_review() -> Response | tuple[str, int]:
    plan, period = _asked_plan(), _period()
    form = _form(plan, None, typed=True)
    if form.validate_on_submit():
        saved = service.hold(g.membership, plan, period, form.fields(), form.notes)
        db.session.commit()
        flash(_("The review is recorded."))
        return redirect(url_for(".show_review", review_id=saved.id), 303)
    return _form_page(form, plan, period, None), 422


@bp.get("/reviews/<id:review_id>/edit")
@allows(Permission.EDIT_PLAN)
def edit_review(review_id: int) -> str:
    saved = _review_or_404(review_id)
    plan = _plan_of(saved)
    return _form_page(_form(plan, saved, typed=False), plan, ChangePeriod(saved.since, saved.until), saved)


@bp.post("/reviews/<id:review_id>/edit")
@allows(Permission.EDIT_PLAN)
def save_review(review_id: int) -> Response | tuple[str, int]:
    saved = _review_or_404(review_id)
    plan, period = _plan_of(saved), ChangePeriod(saved.since, saved.until)
    form, found, status = _form(plan, saved, typed=True), None, 422
    if form.validate_on_submit():
        try:
            service.edit(g.membership, saved, form.opened_version, form.fields(), form.notes)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for(".show_review", review_id=saved.id), 303)
        except StaleVersion:
            found, status = differences(form, _form(plan, saved, typed=False), saved.version), 409
    return _form_page(form, plan, period, saved, found), status


@asks_to_delete(bp, "/reviews/<id:review_id>/delete", Permission.EDIT_PLAN)
def delete_review(review_id: int) -> Deletion:
    saved = _review_or_404(review_id)
    return Deletion(
        title=_("Delete this review?"),
        what=pages.period_words(ChangePeriod(saved.since, saved.until)),
        back=url_for(".show_review", review_id=saved.id),
        delete=lambda: (
            _("The review is in the trash. The plan and its records are as they were."),
            trash.delete_review(g.membership, saved),
        ),
        then=url_for("plan.review"),
    )
