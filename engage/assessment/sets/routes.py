"""Serves question sets: the list, one set, its order, and sets as files."""

from flask import Response as FileResponse
from flask import abort, flash, g, redirect, render_template, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from engage.assessment import bp, queries
from engage.assessment.languages import translated
from engage.assessment.models import DraftSet
from engage.assessment.sets import files, pages, service
from engage.assessment.sets.forms import ArrangeForm, LoadForm, SetStart, SetStartForm, SetTitleForm
from engage.assessment.sets.questions import service as questions_service
from engage.assessment.sets.rules import SetDraft
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion, WrongState
from engage.extensions import db, language, write_from_here
from engage.i18n import gettext as _
from engage.web.csv_files import download
from engage.web.differences import Difference, differences
from engage.web.htmx import fragments, wants_fragment
from engage.web.upload_lock import in_turn


def set_or_404(set_id: int) -> DraftSet:
    """Returns the coalition's own set; for another's or a deleted one, the response is an error."""
    return service.set_of(g.membership, set_id) or gone(DraftSet.__tablename__, set_id)


@bp.get("/questions/")
@allows(Permission.SEE_ALL)
def question_sets() -> str:
    return _list_page(SetStartForm())


@bp.post("/questions/copy")
@allows(Permission.RUN_ROUNDS)
def copy_ours() -> Response | tuple[str, int]:
    """Starts a coalition's own set: a copy of the whole set or of the short one, or an empty one."""
    form = SetStartForm()
    if form.validate_on_submit():
        # The copy keeps the words that the last round asked, so that the next one is compared with it.
        earlier = service.asks_earlier_wording(g.membership)
        title, draft = {
            SetStart.WHOLE: (_("Our questions"), service.everything(earlier=earlier)),
            SetStart.SHORT: (_("Our short set"), SetDraft(service.short_ours(earlier=earlier))),
            SetStart.NOTHING: (_("Our own questions"), SetDraft(service.nothing_yet())),
        }[form.chosen]
        set_ = service.create(g.membership, title, draft)
        db.session.commit()
        flash(_("This set is yours to change. No one is asked anything until a round opens with it."))
        return redirect(url_for(".question_set", set_id=set_.id), 303)
    return _list_page(form), 422


@bp.get("/questions/ours/")
@allows(Permission.SEE_ALL)
def our_questions() -> str:
    draft = service.everything()
    draft = replace(draft, questions=translated(draft.questions, language()))
    return render_template(
        "assessment/sets/our_questions.html",
        counts=pages.counts_of(draft),
        areas=pages.area_parts(draft, service.by_key(draft.questions)),
    )


@bp.get("/questions/ours/file")
@allows(Permission.SEE_ALL)
def our_file() -> FileResponse:
    return _file(_("Questions from Engage"), service.everything())


@bp.get("/questions/load")
@allows(Permission.RUN_ROUNDS)
def load_questions() -> str:
    return _load_page(LoadForm(service.ours(), formdata=None))


@bp.post("/questions/load")
@allows(Permission.RUN_ROUNDS)
@in_turn
def check_questions() -> Response | str | tuple[str, int]:
    """Checks the file and shows what it contains; the second press saves it."""
    form = LoadForm(service.ours())
    if form.validate_on_submit() and form.loaded is not None:
        if not form.wants_to_save:
            return _load_page(form)
        write_from_here()
        set_ = service.create(g.membership, form.title, form.loaded.draft)
        db.session.commit()
        flash(_("The question set is saved. No one is asked anything until a round opens with it."))
        return redirect(url_for(".question_set", set_id=set_.id), 303)
    return _load_page(form), 422


@bp.get("/questions/<id:set_id>/")
@allows(Permission.SEE_ALL)
def question_set(set_id: int) -> str:
    return _set_page(set_or_404(set_id))


@bp.get("/questions/<id:set_id>/file")
@allows(Permission.SEE_ALL)
def question_file(set_id: int) -> FileResponse:
    set_ = set_or_404(set_id)
    return _file(set_.title, service.draft_of(set_))


@bp.post("/questions/<id:set_id>/areas/<key>/arrange")
@allows(Permission.RUN_ROUNDS)
def arrange_area(set_id: int, key: str) -> Response | tuple[str, int]:
    """Hides, shows or moves one question of the area."""
    set_ = set_or_404(set_id)
    if service.draft_of(set_).questions.area(key) is None:
        abort(404)
    form = ArrangeForm()
    if form.validate_on_submit():
        verb, question = form.asked
        draft = questions_service.held(set_)
        moves = {"hide": draft.hide([question]), "show": draft.show([question])}
        moves |= {"up": draft.move(question, -1), "down": draft.move(question, 1)}
        if verb not in moves or question not in draft.keys:
            raise WrongState(_("This question is no longer in the set. Load the page again."))
        questions_service.arrange(set_, moves[verb], g.membership)
        db.session.commit()
        if wants_fragment():
            return _area_pieces(set_, key)
        return redirect(url_for(".question_set", set_id=set_id, _anchor=f"question-{question}"), 303)
    return _set_page(set_), 422


@bp.post("/questions/<id:set_id>/arrange")
@allows(Permission.RUN_ROUNDS)
def arrange_areas(set_id: int) -> Response | tuple[str, int]:
    """Hides or shows all questions of an area, or moves it."""
    set_ = set_or_404(set_id)
    form = ArrangeForm()
    if form.validate_on_submit():
        verb, key = form.asked
        draft = questions_service.held(set_)
        area = draft.questions.area(key)
        keys = [each.key for each in area.questions] if area else []
        moves = {"hide": draft.hide(keys), "show": draft.show(keys)}
        moves |= {"up": draft.move_area(key, -1), "down": draft.move_area(key, 1)}
        if verb not in moves or area is None:
            raise WrongState(_("This focus area is no longer in the set. Load the page again."))
        questions_service.arrange(set_, moves[verb], g.membership)
        db.session.commit()
        return redirect(url_for(".question_set", set_id=set_id, _anchor=f"assessment-set-{key}"), 303)
    return _set_page(set_), 422


@bp.get("/questions/<id:set_id>/title")
@allows(Permission.RUN_ROUNDS)
def edit_title(set_id: int) -> str:
    set_ = set_or_404(set_id)
    return _title_page(set_, SetTitleForm(obj=set_))


@bp.post("/questions/<id:set_id>/title")
@allows(Permission.RUN_ROUNDS)
def rename_set(set_id: int) -> Response | tuple[str, int]:
    set_ = set_or_404(set_id)
    form = SetTitleForm()
    if form.validate_on_submit():
        try:
            service.rename(set_, form.opened_version, form.title.data or "", g.membership)
        except StaleVersion:
            saved = SetTitleForm(formdata=None, obj=set_)
            return _title_page(set_, form, differences(form, saved, set_.version)), 409
        db.session.commit()
        return redirect(url_for(".question_set", set_id=set_id), 303)
    return _title_page(set_, form), 422


@asks_to_delete(bp, "/questions/<id:set_id>/delete", Permission.RUN_ROUNDS)
def delete_set(set_id: int) -> Deletion:
    set_ = set_or_404(set_id)
    return Deletion(
        title=_("Delete this question set?"),
        what=set_.title,
        more=_("Rounds keep the questions that they asked."),
        back=url_for(".question_set", set_id=set_.id),
        delete=lambda: (
            _("“%(title)s” is in the trash.", title=set_.title),
            service.delete(set_, g.membership),
        ),
        then=url_for(".question_sets"),
    )


def _list_page(form: SetStartForm) -> str:
    return render_template(
        "assessment/sets/question_sets.html",
        ours=pages.counts_and_time(SetDraft(service.ours())),
        more=len(service.everything().hidden),
        short=pages.counts_and_time(SetDraft(service.short_ours())),
        rows=pages.set_rows(),
        form=form,
    )


def _set_page(set_: DraftSet) -> str:
    draft = service.draft_of(set_)
    return render_template(
        "assessment/sets/question_set.html",
        set=set_,
        summary=pages.summary(draft),
        areas=pages.area_parts(draft, service.ours_beside(draft.questions)),
        form=ArrangeForm(formdata=None),
        may_open=bool(draft.asked.areas) and len(queries.open_rounds(g.membership)) < 2,
    )


def _area_pieces(set_: DraftSet, key: str) -> Response:
    draft = service.draft_of(set_)
    part = pages.area_part(draft, key)
    if part is None:
        abort(404)
    return fragments(
        ("assessment/sets/_set_area.html", {"set": set_, "area": part, "form": ArrangeForm(formdata=None)}),
        ("assessment/sets/_set_summary.html", {"summary": pages.summary(draft)}),
    )


def _load_page(form: LoadForm) -> str:
    loaded = form.loaded
    return render_template(
        "assessment/sets/load_questions.html",
        form=form,
        title=form.title if loaded is not None else "",
        summary=pages.summary(loaded.draft) if loaded is not None else None,
        sensitive=pages.sensitive_titles(loaded.draft) if loaded is not None else [],
        example=example(),
    )


def _title_page(set_: DraftSet, form: SetTitleForm, found: list[Difference] | None = None) -> str:
    return render_template(
        "assessment/sets/set_title.html",
        set=set_,
        form=form,
        differences=found,
    )


def _file(title: str, draft: SetDraft) -> FileResponse:
    return download(files.write(title, draft), "application/yaml", "questions.yaml")


def example() -> str:
    """Returns the example file that the page shows. A test loads it, so that it is always valid."""
    return _(
        """\
title: Questions of our county
areas:
- key: prevention          # one of the six that come with Engage
  questions:
  - key: lessons-in-camps
    title: Lessons in summer camps
    statement: Every summer camp teaches children how to get help.
    why: Children are at camp when schools are closed.
    levels:
    - No camp does.
    - One camp talks about it.
    - Some camps do.
    - Most camps do.
    - All camps do, and staff are trained each year.
- key: own-waterfront      # an area of your own needs a name
  name: The waterfront
  questions:
  - key: own-dock-workers
    title: Dock workers
    statement: People who work on boats know their rights.
    levels: [No one knows, A few know, Some know, Most know, All know and are asked each year]
  - key: own-how-you-heard # a question with answers of its own
    title: How you heard
    statement: How did you hear about our coalition?
    answers: several       # or one, or yes_no, which needs no options
    options: [From a friend, At work, In the news]
"""
    )
