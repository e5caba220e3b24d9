"""Serves measures of objectives and their readings: adding, editing, deleting."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.dates import long_day
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import bp, service
from engage.plan.measures import queries
from engage.plan.measures import service as measures_service
from engage.plan.measures.forms import MeasureForm, ReadingForm
from engage.plan.measures.labels import measure_url
from engage.plan.measures.models import Measure, Reading
from engage.plan.overview import places
from engage.plan.undo.lookups import measure_or_404, objective_or_404
from engage.plan.undo.service import trash
from engage.web.differences import Difference, differences


def _own_reading_or_404(reading_id: int) -> tuple[Reading, Measure]:
    reading = queries.reading_of(g.membership, reading_id) or gone(Reading.__tablename__, reading_id)
    if not queries.may_change(g.membership, reading.written_by_id):
        abort(404)
    return reading, measure_or_404(reading.measure_id)


def _page(
    template: str,
    title: str,
    form: object,
    objective_id: int,
    found: list[Difference] | None = None,
    **more: object,
) -> str:
    objective = objective_or_404(objective_id)
    back = url_for("plan.objective", objective_id=objective_id)
    return render_template(
        template,
        title=title,
        form=form,
        objective=objective,
        back=back,
        differences=found,
        **more,
    )


# -- measures


def _measure_page(
    title: str, form: MeasureForm, objective_id: int, found: list[Difference] | None = None
) -> str:
    return _page("plan/measures/measure_form.html", title, form, objective_id, found)


@bp.get("/objectives/<id:objective_id>/measures/new")
@allows(Permission.EDIT_PLAN)
def new_measure(objective_id: int) -> str:
    objective = objective_or_404(objective_id)
    service.still_open(queries.plan_of_objective(objective))
    said = {"target_on": objective.due_on, **measures_service.written_fields(objective, places.today())}
    form = MeasureForm(places.today(), objective.due_on, data=said)
    return _measure_page(_("Add a measure"), form, objective_id)


@bp.post("/objectives/<id:objective_id>/measures/new")
@allows(Permission.EDIT_PLAN)
def add_measure(objective_id: int) -> Response | tuple[str, int]:
    objective = objective_or_404(objective_id)
    form = MeasureForm(places.today(), objective.due_on)
    if form.validate_on_submit():
        measure = measures_service.add_measure(g.membership, objective, form.fields())
        db.session.commit()
        flash(_("The measure is added. Add a reading whenever you have a new number."))
        return redirect(measure_url(measure.objective_id, measure.id), 303)
    return _measure_page(_("Add a measure"), form, objective_id), 422


def _filled_measure(measure: Measure) -> MeasureForm:
    return MeasureForm(places.today(), None, formdata=None, obj=measure)


@bp.get("/measures/<id:measure_id>/edit")
@allows(Permission.EDIT_PLAN)
def edit_measure(measure_id: int) -> str:
    measure = measure_or_404(measure_id)
    service.still_open(queries.plan_of(measure))
    return _measure_page(_("Edit the measure"), _filled_measure(measure), measure.objective_id)


@bp.post("/measures/<id:measure_id>/edit")
@allows(Permission.EDIT_PLAN)
def save_measure(measure_id: int) -> Response | tuple[str, int]:
    measure, form = measure_or_404(measure_id), MeasureForm(places.today(), None)
    found, status = None, 422
    if form.validate_on_submit():
        try:
            measures_service.edit_measure(g.membership, measure, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(measure_url(measure.objective_id, measure.id), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found, status = differences(form, _filled_measure(measure), measure.version), 409
    return _measure_page(_("Edit the measure"), form, measure.objective_id, found), status


@asks_to_delete(bp, "/measures/<id:measure_id>/delete", Permission.EDIT_PLAN)
def delete_measure(measure_id: int) -> Deletion:
    measure = measure_or_404(measure_id)
    service.still_open(queries.plan_of(measure))
    return Deletion(
        title=_("Delete this measure?"),
        what=measure.title,
        back=url_for("plan.objective", objective_id=measure.objective_id),
        delete=lambda: (
            _("The measure is in the trash, with its readings."),
            trash.delete_measure(g.membership, measure),
        ),
    )


# -- readings


def _reading_page(
    title: str,
    form: ReadingForm,
    measure: Measure,
    found: list[Difference] | None = None,
    reading: Reading | None = None,
) -> str:
    """Shows the form. If the day already has a reading that this person may change, it links to that reading."""
    taken = None
    if form.taken_on.errors and form.taken_on.data is not None:
        taken = queries.reading_on(measure, form.taken_on.data)
    if taken is not None and not queries.may_change(g.membership, taken.written_by_id):
        taken = None
    return _page(
        "plan/measures/reading_form.html",
        title,
        form,
        measure.objective_id,
        found,
        measure=measure,
        reading=reading,
        taken=taken,
    )


@bp.get("/measures/<id:measure_id>/readings/new")
@allows(Permission.WORK)
def new_reading(measure_id: int) -> str:
    measure, today = measure_or_404(measure_id), places.today()
    service.still_open(queries.plan_of(measure))
    source = queries.last_source(measure)
    form = ReadingForm(today, measure.number_kind, taken_on=today, source=source)
    return _reading_page(_("Add a reading"), form, measure)


@bp.post("/measures/<id:measure_id>/readings/new")
@allows(Permission.WORK)
def add_reading(measure_id: int) -> Response | tuple[str, int]:
    measure = measure_or_404(measure_id)
    form = ReadingForm(places.today(), measure.number_kind)
    if form.validate_on_submit():
        try:
            measures_service.add_reading(g.membership, measure, form.fields())
            db.session.commit()
            flash(_("The reading is saved."))
            return redirect(measure_url(measure.objective_id, measure.id), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
    return _reading_page(_("Add a reading"), form, measure), 422


def _filled_reading(measure: Measure, reading: Reading) -> ReadingForm:
    return ReadingForm(places.today(), measure.number_kind, formdata=None, obj=reading)


@bp.get("/readings/<id:reading_id>/edit")
@allows(Permission.WORK)
def edit_reading(reading_id: int) -> str:
    reading, measure = _own_reading_or_404(reading_id)
    service.still_open(queries.plan_of(measure))
    return _reading_page(_("Edit the reading"), _filled_reading(measure, reading), measure, reading=reading)


@bp.post("/readings/<id:reading_id>/edit")
@allows(Permission.WORK)
def save_reading(reading_id: int) -> Response | tuple[str, int]:
    reading, measure = _own_reading_or_404(reading_id)
    form, found, status = ReadingForm(places.today(), measure.number_kind), None, 422
    if form.validate_on_submit():
        try:
            measures_service.edit_reading(g.membership, reading, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(measure_url(measure.objective_id, measure.id), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
        except StaleVersion:
            found, status = differences(form, _filled_reading(measure, reading), reading.version), 409
    return _reading_page(_("Edit the reading"), form, measure, found, reading), status


@asks_to_delete(bp, "/readings/<id:reading_id>/delete", Permission.WORK)
def delete_reading(reading_id: int) -> Deletion:
    reading, measure = _own_reading_or_404(reading_id)
    service.still_open(queries.plan_of(measure))
    return Deletion(
        title=_("Delete this reading?"),
        what=_("%(title)s, %(day)s", title=measure.title, day=long_day(reading.taken_on)),
        back=measure_url(measure.objective_id, measure.id),
        delete=lambda: (_("The reading is in the trash."), trash.delete_reading(g.membership, reading)),
    )
