"""Reads the forms of pages as a browser would send them: where to, which fields, and their values."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from selectolax.lexbor import LexborNode

from tests.client import EngageClient
from tests.factories import PASSWORD
from tests.html import Page
from tests.isolation.world import World
from tests.test_every_route import every_rule, filled

# What a person would say in words.
SOMETHING = "Something to say"
# What a person would type into an empty field of this kind, or of this name.
TYPED = {
    "date": "2026-03-02",
    "time": "18:30",
    "number": "3",
    "email": "ann@example.org",
    "url": "https://a.example/",
    "password": PASSWORD,
    "addresses": "ann@example.org",
    "website": "https://a.example/",
    "link": "https://a.example/",
    "help_number": "555-0100",
    "closes_on": "2099-03-02",
    "target_on": "2099-03-02",
    "assess_on": "2099-03-02",
    "next_on": "2099-03-02",
    "every": "",
    **dict.fromkeys(
        ("value", "baseline_value", "target_value", "minutes", "reached", "hours", "referrals"), "12"
    ),
}
# The fields that carry a form and are not what it asks.
CARRIED = {"csrf_token"}


@dataclass
class Form:
    """A form on a page. `sent` is what a browser sends after its empty fields were filled in."""

    page: str
    action: str
    method: str
    encoding: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    # What may be chosen, by field; the kind of field: text, select, hidden, checkbox, ...
    choices: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        return set(self.kinds) - CARRIED


def read(page: Page, path: str) -> list[Form]:
    return [_form(node, path) for node in page.all("form")]


def _form(node: LexborNode, path: str) -> Form:
    attributes = node.attributes
    form = Form(
        page=path,
        action=attributes.get("action") or path,
        method=(attributes.get("method") or "get").upper(),
        encoding=attributes.get("enctype") or "application/x-www-form-urlencoded",
    )
    pressed = False
    for each in node.css("input[name], select[name], textarea[name], button[name]"):
        name = each.attributes["name"] or ""
        kind = each.tag if each.tag != "input" else each.attributes.get("type") or "text"
        form.kinds.setdefault(name, kind)
        value = each.attributes.get("value") or ""
        if kind in {"radio", "checkbox", "button", "submit"}:
            form.choices.setdefault(name, []).append(value)
            first = name not in dict(form.sent)
            if kind == "radio" and (first or "checked" in each.attributes or not dict(form.sent)[name]):
                form.sent = [pair for pair in form.sent if pair[0] != name] + [(name, value)]
            elif kind == "checkbox" and ("checked" in each.attributes or first):
                form.sent.append((name, value))
            elif kind in {"button", "submit"} and not pressed:
                pressed = True
                form.sent.append((name, value))
        elif kind == "select":
            options = [option.attributes.get("value") or "" for option in each.css("option")]
            chosen = [option.attributes.get("value") or "" for option in each.css("option[selected]")]
            form.choices[name] = options
            usual = chosen or [option for option in options if option][:1] or options[:1]
            form.sent += [(name, option) for option in usual]
        elif kind != "file":
            text = each.text().removeprefix("\n") if kind == "textarea" else value
            typed = TYPED.get(name, TYPED.get(kind, SOMETHING))
            form.sent.append((name, text if kind == "hidden" else text or typed))
    return form


def pages_of(app: Flask, slug: str = "riverbend") -> list[str]:
    """Returns the address of every page but the two that sign a person out."""
    rules = (
        rule
        for rule in every_rule(app, "GET")
        if rule.endpoint not in {"accounts.leave", "accounts.deletion"}
    )
    return [filled(rule, slug=slug) for rule in rules]


def forms_of(client: EngageClient, paths: list[str]) -> list[Form]:
    """Returns every form this person can see there, one for each address and set of fields."""
    found: dict[tuple[str, str, frozenset[str]], Form] = {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in read(Page(answer), path):
            key = (form.method, urlsplit(form.action).path, frozenset(form.kinds))
            found.setdefault(key, form)
    return list(found.values())


def shown_forms(world: World) -> dict[str, list[Form]]:
    """Returns the forms that each kind of person sees, on a fresh world."""
    world.restore()
    pages = pages_of(world.app)
    known = {who: forms_of(world.people[who], pages) for who in ("coordinator", "member", "viewer")}
    return {**known, "both": known["member"], "no one": forms_of(world.people["no one"], world.channels)}
