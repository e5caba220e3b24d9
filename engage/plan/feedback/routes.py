"""Serves feedback to organizers: its questions, asking and closing, the poster, and the results as a file."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.assessment.sets.forms import ArrangeForm
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.plan import bp
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.labels import when_words
from engage.plan.activities.models import Activity
from engage.plan.activities.pages import own_activity_or_404
from engage.plan.feedback import labels, pages, queries, service
from engage.plan.feedback.forms import FeedbackQuestionForm
from engage.plan.feedback.models import FeedbackQuestion
from engage.web.access import button
from engage.web.csv_files import csv_answer
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm
from engage.web.papers import on_paper


def _back(activity: Activity) -> Response:
    return redirect(url_for(".feedback", activity_id=activity.id), 303)


@bp.get("/activities/<id:activity_id>/feedback/")
@allows(Permission.WORK)
def feedback(activity_id: int) -> str:
    activity = own_activity_or_404(activity_id)
    return render_template(
        "plan/feedback/feedback.html",
        activity=activity,
        shown=pages.sheet(activity),
        form=ConfirmForm(formdata=None),
    )


# -- questions


def _question_or_404(activity: Activity, number: int) -> FeedbackQuestion:
    return queries.question_of(activity, number) or abort(404)


def _filled(question: FeedbackQuestion) -> FeedbackQuestionForm:
    values = {"answers": question.kind.value, "asked": question.asked.value}
    return FeedbackQuestionForm(formdata=None, obj=question, data=values)


def _question_page(
    activity: Activity,
    form: FeedbackQuestionForm,
    question: FeedbackQuestion | None = None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "plan/feedback/question.html",
        activity=activity,
        form=form,
        question=question,
        differences=found,
    )


@bp.get("/activities/<id:activity_id>/feedback/new")
@allows(Permission.PUBLISH)
def new_feedback_question(activity_id: int) -> str:
    return _question_page(own_activity_or_404(activity_id), FeedbackQuestionForm(formdata=None))


@bp.post("/activities/<id:activity_id>/feedback/new")
@allows(Permission.PUBLISH)
def add_feedback_question(activity_id: int) -> Response | tuple[str, int]:
    activity, form = own_activity_or_404(activity_id), FeedbackQuestionForm()
    if form.validate_on_submit():
        service.add_question(g.membership, activity, form.fields())
        db.session.commit()
        flash(_("The question is added."))
        return _back(activity)
    return _question_page(activity, form), 422


@bp.get("/activities/<id:activity_id>/feedback/<id:number>/edit")
@allows(Permission.PUBLISH)
def edit_feedback_question(activity_id: int, number: int) -> str:
    activity = own_activity_or_404(activity_id)
    question = _question_or_404(activity, number)
    return _question_page(activity, _filled(question), question)


@bp.post("/activities/<id:activity_id>/feedback/<id:number>/edit")
@allows(Permission.PUBLISH)
def save_feedback_question(activity_id: int, number: int) -> Response | tuple[str, int]:
    activity = own_activity_or_404(activity_id)
    question = _question_or_404(activity, number)
    form, found, status = FeedbackQuestionForm(labels.question_of(question)), None, 422
    if form.validate_on_submit():
        try:
            service.edit_question(g.membership, activity, question, form.opened_version, form.fields())
            db.session.commit()
            flash(_("The question is saved."))
            return _back(activity)
        except StaleVersion:
            found, status = differences(form, _filled(question), question.version), 409
    return _question_page(activity, form, question, found), status


@bp.post("/activities/<id:activity_id>/feedback/arrange")
@allows(Permission.PUBLISH)
def arrange_feedback(activity_id: int) -> Response:
    """Moves a question up or down."""
    activity, form = own_activity_or_404(activity_id), ArrangeForm()
    if not form.validate_on_submit():
        return _back(activity)
    verb, key = form.asked
    steps = {"up": -1, "down": 1}.get(verb)
    question_id = whole_number(key)
    if steps is None or question_id is None:
        abort(404)
    service.move_question(g.membership, activity, question_id, steps)
    db.session.commit()
    where = f"plan-feedback-question-{max(1, int(key) + steps)}"
    return redirect(url_for(".feedback", activity_id=activity.id, _anchor=where), 303)


@asks_to_delete(bp, "/activities/<id:activity_id>/feedback/<id:number>/delete", Permission.PUBLISH)
def delete_feedback_question(activity_id: int, number: int) -> Deletion:
    activity = own_activity_or_404(activity_id)
    question = _question_or_404(activity, number)
    return Deletion(
        title=_("Delete this question?"),
        what=question.text,
        back=url_for(".feedback", activity_id=activity.id),
        delete=lambda: (
            _("The question is deleted."),
            service.delete_question(g.membership, activity, question),
        ),
    )


# -- asking


@bp.post("/activities/<id:activity_id>/feedback/open")
@allows(Permission.PUBLISH)
@button
def open_feedback(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.open_feedback(g.membership, activity)
    db.session.commit()
    flash(_("People can answer now. Share the link, or print the poster."))
    return _back(activity)


@bp.get("/activities/<id:activity_id>/feedback/close")
@allows(Permission.PUBLISH)
def close_feedback(activity_id: int) -> str:
    return _ask("plan/feedback/close.html", activity_id)


@bp.post("/activities/<id:activity_id>/feedback/close")
@allows(Permission.PUBLISH)
@button
def confirm_close_feedback(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.close(g.membership, activity)
    db.session.commit()
    flash(_("The answers are counted."))
    return redirect(url_for(".activity", activity_id=activity.id, _anchor="plan-activity-feedback"), 303)


@bp.get("/activities/<id:activity_id>/feedback/start-over")
@allows(Permission.PUBLISH)
def start_feedback_over(activity_id: int) -> str:
    return _ask("plan/feedback/start_over.html", activity_id)


@bp.post("/activities/<id:activity_id>/feedback/start-over")
@allows(Permission.PUBLISH)
@button
def confirm_start_feedback_over(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.start_over(g.membership, activity)
    db.session.commit()
    flash(_("The answers are deleted, and the questions can be changed."))
    return _back(activity)


@bp.post("/activities/<id:activity_id>/feedback/link")
@allows(Permission.PUBLISH)
@button
def renew_feedback_link(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.renew_link(g.membership, activity)
    db.session.commit()
    flash(_("The new link is ready. Share it, or print the poster."))
    return _back(activity)


def _ask(template: str, activity_id: int) -> str:
    """Asks for confirmation of a step that cannot be undone; only while people are asked."""
    activity = own_activity_or_404(activity_id)
    shown = pages.sheet(activity)
    if not shown.is_open:
        abort(404)
    return render_template(template, activity=activity, shown=shown, form=ConfirmForm(formdata=None))


@bp.get("/activities/<id:activity_id>/feedback/poster")
@allows(Permission.WORK)
@on_paper
def feedback_poster(activity_id: int) -> str:
    activity = own_activity_or_404(activity_id)
    channel = pages.door_of(queries.feedback_of(activity)) or abort(404)
    when = when_words(
        activity.happened_on, activity.starts_at, activity.minutes, g.membership.coalition.time_zone
    )
    return render_template(
        "plan/activities/poster.html",
        activity=activity,
        channel=channel,
        when=when,
        invites=_("To tell us what you think, scan the code with your phone's camera, or type"),
        note=_("No account, no name."),
        back={"label": _("Feedback"), "url": url_for(".feedback", activity_id=activity.id)},
    )


@bp.get("/activities/<id:activity_id>/feedback.csv")
@allows(Permission.EXPORT)
def feedback_file(activity_id: int) -> Response:
    activity = activities_queries.activity_of(g.membership, activity_id) or abort(404)
    results = pages.sheet(activity).results or abort(404)
    return csv_answer(_("Feedback"), *pages.table(results))
