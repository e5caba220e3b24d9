"""Walks every form that people type into, so that no text of theirs is saved before it was looked through.

The fields are read from the pages and from the forms' classes: a new field that does not ask fails here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from selectolax.lexbor import LexborNode
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from engage.accounts.forms import Code, RecoveryCode
from engage.web.forms import Address, Amount, EngageForm, FreeLine, FreeText
from tests.client import EngageClient
from tests.databases import written
from tests.html import Page
from tests.test_every_route import begun, fitting, looks

# With what else reads the walks: each walk is then made once.

# It fits into the shortest field, and a name may be a story, too.
STORY = "Her uncle sells the 15 year old girl"
# A field for a number takes no words: it is left out.
_LINES = (":not([type])", "[type=text]", "[type=search]", "[type=url]", "[type=tel]")
TYPED = ", ".join(["textarea:not([readonly])", *(f"input{each}:not([inputmode=decimal])" for each in _LINES)])
# What these take is checked as what it is, and holds no words of a person.
NO_WORDS = (Address, Amount, Code, HiddenField, PasswordField, RecoveryCode)
# No words of a person either: choices that buttons send, and what is refused unless it is a code or an address.
ALLOWED = {
    "engage.accounts.forms.MailedCodeForm.mailed",
    "engage.accounts.forms.ReauthenticateForm.mailed",
    "engage.assessment.guests.forms.GuestCodeForm.typed",
    "engage.assessment.paper.forms.KeyedAnswer.answer",
    "engage.assessment.sets.forms.ArrangeForm.do",
    "engage.assessment.sets.forms.SetStartForm.start",
}
PLAUSIBLE = {
    "date": "2026-12-15",
    "datetime-local": "2026-12-15T18:00",
    "time": "18:00",
    "number": "5",
    "email": "jo@example.org",
}


@dataclass(frozen=True)
class Sent:
    """A form as it stands on a page: where it goes, what it holds, and which of its fields are typed."""

    rule: Rule
    path: str
    fields: dict[str, str]
    typed: tuple[str, ...]


def forms(app: Flask) -> Iterator[Sent]:
    """Yields each form with fields to type into, once for each address."""
    seen = set()
    for look in looks(app):
        if look.answer.mimetype != "text/html" or look.answer.status_code != 200:
            continue
        for form in Page(look.answer).all("form[method=post]"):
            sent = _sent(app, form)
            if sent and (key := (sent.rule.rule, sent.typed)) not in seen:
                seen.add(key)
                yield sent


def _sent(app: Flask, form: LexborNode) -> Sent | None:
    typed = tuple(dict.fromkeys(node.attributes.get("name") or "" for node in form.css(TYPED)))
    if not typed:
        return None
    path = form.attributes.get("action") or ""
    try:
        rule, _values = app.url_map.bind("localhost").match(
            path.partition("?")[0], method="POST", return_rule=True
        )
    except HTTPException as error:
        raise AssertionError(path) from error
    fields = {}
    for node in form.css("input, select, textarea"):
        name, kind = node.attributes.get("name") or "", node.attributes.get("type") or ""
        value = node.attributes.get("value") or ""
        if node.tag == "select":
            chosen = [
                *node.css("option[selected]"),
                *node.css("option:not([value='']):not([value='0'])"),
                *node.css("option"),
            ]
            fields[name] = (chosen[0].attributes.get("value") or "") if chosen else ""
        elif kind == "radio":
            fields[name] = value if "checked" in node.attributes else fields.get(name, value)
        elif kind not in {"checkbox", "submit", "file"} or "checked" in node.attributes:
            fields[name] = value or PLAUSIBLE.get(kind, "")
    fields.update(dict.fromkeys(typed, STORY))
    return Sent(rule, path, fields, typed)


def test_no_form_saves_a_story_unasked(app: Flask) -> None:
    walk = begun(app)
    silent, saved, all_forms = [], [], list(forms(app))
    for sent in all_forms:
        client: EngageClient = fitting(app, walk.people, sent.rule)
        with written(STORY) as statements:
            answer = client.post(sent.path, data={**sent.fields, "csrf_token": client.csrf_token()})
        page = Page(answer)
        silent += [f"{sent.rule.rule}: {name}" for name in sent.typed if not _asked(page, name)]
        saved += [f"{sent.rule.rule}: {each[:80]}" for each in statements]
        if answer.status_code < 400:
            walk.begin()
    assert len(all_forms) > 100
    assert (saved, silent) == ([], [])


def _asked(page: Page, name: str) -> bool:
    """Returns whether the page asks about the text of this field, or does not take it as what belongs there."""
    described = {node.attributes.get("aria-describedby") or "" for node in page.all(f"[name='{name}']")}
    return bool(page.all(f"[name='{name}-accepted']")) or any("-error" in each for each in described)


def test_every_field_for_words_is_one_that_asks(app: Flask) -> None:
    """Some pages have a form only at a certain time: a class whose page is not met above is read here."""
    silent = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in _classes(EngageForm)
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
        and issubclass(field.field_class, (StringField, TextAreaField))
        and not issubclass(field.field_class, (FreeText, FreeLine, *NO_WORDS))
    ]
    assert sorted(set(silent)) == sorted(ALLOWED)


def _classes(form: type) -> Iterator[type]:
    for each in form.__subclasses__():
        yield each
        yield from _classes(each)
