"""Reads answers as a person sees them, and runs the checks that every HTML answer must pass."""

import re
from collections import Counter

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

# A list of addresses or a whole table is pasted; the others are a coalition's or a question's own wording.
NOT_ABOUT_PEOPLE = {
    "addresses", "table", "mission", "vision", "definitions", "purpose", "services", "serves",
    "structure_note", "joining", "expectations", "open_meetings",
    "eligibility", "statement", "level_0", "level_1", "level_2", "level_3", "level_4", "why", "text",
}  # fmt: skip
# What became of an action; why a goal goes along; the note beside an answer.
NOTES_IN_A_LINE = re.compile(r"text|\w+_words")


class Page:
    """An answer and what it shows; CSS selectors find things."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location")
        self.headers = response.headers
        self.html = response.get_data(as_text=True)
        # A place where a long address may break is nothing to read.
        self.tree = LexborHTMLParser(self.html.replace("<wbr>", ""))

    def one(self, selector: str) -> LexborNode:
        """Returns the one element; none or several fail."""
        found = self.tree.css(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r}"
        return found[0]

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def text(self, selector: str = "body") -> str:
        """Returns the one element's words, white space folded."""
        return words(self.one(selector))

    def texts(self, selector: str) -> list[str]:
        return [words(node) for node in self.all(selector)]

    def has(self, text: str) -> bool:
        """Returns whether these words stand on the page."""
        body = self.tree.body
        return body is not None and text in words(body)

    def value(self, name: str) -> str:
        """Returns what a form's field holds."""
        node = self.one(f"[name='{name}']")
        if node.tag == "textarea":
            return node.text().removeprefix("\n")
        if node.tag == "select":
            chosen = node.css("option[selected]")
            return (chosen[0].attributes.get("value") or "") if chosen else ""
        return node.attributes.get("value") or ""

    @property
    def errors(self) -> list[str]:
        """Returns the words beside the fields that were refused."""
        return [words(node).removeprefix("Error: ") for node in self.all(".form-error p")]


def words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def check(response: TestResponse) -> None:
    """Checks what must hold for every HTML answer, whole pages and fragments."""
    tree = LexborHTMLParser(response.get_data(as_text=True))
    path = f"{response.request.method} {response.request.path}"
    found = [
        *_structure(tree, response),
        *_forms(tree),
        *_hints(tree),
        *_names(tree),
        *_htmx(tree),
        *_policy(tree, response),
    ]
    if found:
        pytest.fail(f"{path} ({response.status_code}): " + "; ".join(found))


def _structure(tree: LexborHTMLParser, response: TestResponse) -> list[str]:
    found = []
    ids = Counter(node.attributes.get("id") for node in tree.css("[id]"))
    found += [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    if "<!doctype html>" in response.get_data(as_text=True)[:50].lower():
        if len(tree.css("h1")) != 1:
            found.append(f"{len(tree.css('h1'))} h1")
        title = tree.css_first("title")
        if title is None or not title.text().split(" - ")[0].strip():
            found.append("no title")
        elif title.text().startswith("Error: ") != bool(tree.css(".error-summary")):
            found.append(f"{title.text()!r} and {len(tree.css('.error-summary'))} refusals on the page")
        if tree.css(".error-summary") and not tree.css(".error-summary[autofocus]"):
            found.append("a refusal that has the focus only where a script runs")
        if not (tree.css_first("html").attributes or {}).get("lang"):
            found.append("no language")
        # In a frame, leaving is up to the page around it.
        if not tree.css("a#leave") and not is_framed(response):
            found.append("no way to leave this site")
    for node in tree.css("[aria-describedby]"):
        found += [
            f"described by {name!r}, which is not there"
            for name in (node.attributes["aria-describedby"] or "").split()
            if name not in ids
        ]
    found += [
        f"label for {node.attributes['for']!r}, which is not there"
        for node in tree.css("label[for]")
        if node.attributes["for"] not in ids
    ]
    return found


def _forms(tree: LexborHTMLParser) -> list[str]:
    found = []
    for form in tree.css("form"):
        action = form.attributes.get("action")
        if not action:
            found.append("a form without an action")
        # A link of 256 bits in the address takes the token's place, so that no cookie is needed.
        carries = (action or "").startswith("/say/") or form.css("input[name=csrf_token]")
        if (form.attributes.get("method") or "").lower() == "post" and not carries:
            found.append(f"no token in the form to {action}")
    labeled = {node.attributes["for"] for node in tree.css("label[for]")}
    for field in tree.css("input:not([type=hidden]):not([type=submit]), select, textarea"):
        attributes = field.attributes
        if attributes.get("id") not in labeled and not attributes.get("aria-label"):
            found.append(f"no label for {attributes.get('name')!r}")
        if "required" in attributes:
            found.append(f"{attributes.get('name')!r} is required in the browser, which hides our message")
    return found


def _hints(tree: LexborHTMLParser) -> list[str]:
    """Notes say beside them to leave people out; names, places and the coalition's own wording do not."""
    found = []
    for field in tree.css("textarea:not([readonly]), input[type=text]"):
        name = field.attributes.get("name") or ""
        described = (field.attributes.get("aria-describedby") or "").split()
        hints = " ".join(words(node) for each in described for node in tree.css(f"[id='{each}']"))
        # A page in another language says it in its own words.
        is_said = "No names or details of people you serve" in hints or any(
            tree.css(f"[id='{each}'] .no-names") for each in described
        )
        if field.tag == "textarea" and not is_said and name.removeprefix("es_") not in NOT_ABOUT_PEOPLE:
            found.append(f"no hint at the free text {name!r}")
        if field.tag == "input" and is_said and not NOTES_IN_A_LINE.fullmatch(name):
            found.append(f"a hint to leave people out at {name!r}, where nobody would name one")
    return found


def _names(tree: LexborHTMLParser) -> list[str]:
    """Pictures and tables are named or hidden; who says what is to be seen on a button or a link, presses it."""
    found = []
    for table in tree.css("table"):
        if not table.css("caption") and not table.attributes.get("aria-label"):
            found.append(f"a table without a caption: {words(table)[:60]}")
    if tree.css("td.what"):
        found.append("a cell that says what its row is of, and is no header of it")
    for picture in tree.css("svg"):
        named = picture.attributes.get("role") in {"img", "group"} and picture.attributes.get("aria-label")
        if not named and not _is_hidden(picture):
            found.append(f"a picture neither named nor hidden: {picture.attributes.get('class')}")
    for control in tree.css("a[aria-label], button[aria-label]"):
        name, shown = control.attributes["aria-label"] or "", seen(control)
        if not said(name).startswith(said(shown)):
            found.append(f"{name!r} does not begin with what is to be seen: {shown!r}")
    for box in tree.css("pre"):
        if box.attributes.get("tabindex") != "0" or not box.attributes.get("aria-label"):
            found.append("a box that scrolls and cannot be reached with the keys")
    return found


def _is_hidden(node: LexborNode | None) -> bool:
    while node is not None:
        if node.attributes.get("aria-hidden") == "true":
            return True
        node = node.parent
    return False


def seen(node: LexborNode) -> str:
    """Returns the words of a control that are to be seen."""
    found = []
    for part in node.traverse(include_text=True):
        if part.tag == "-text" and not _is_hidden(part) and not _is_said_only(part):
            found.append(part.text(deep=False))
    return " ".join(" ".join(found).split())


def said(text: str) -> str:
    """Returns the words as a voice command takes them: small, without commas."""
    return " ".join(re.sub(r"[^\w\s.]", " ", text.casefold()).split())


def _is_said_only(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and "visually-hidden" in (parent.attributes.get("class") or "").split()


def repeated(tree: LexborHTMLParser) -> list[str]:
    """Buttons of one name do one thing, links to one place: several of them name the thing that each is for."""
    does: dict[str, set[str]] = {}
    for control in tree.css("main form button, main a.btn, main .plan-add a, main summary"):
        name = said(control.attributes.get("aria-label") or words(control))
        does.setdefault(name, set()).add(_what(control))
    return [f"{len(each)} are all called {name!r}" for name, each in does.items() if len(each) > 1]


# What is tinted, and the swatches that explain tints: those stand beside their words.
TINTED = (
    ".tag, .heat-cell, .next-card, .flash, .banner, .finding, .form-error, .error-summary, :has(> .heat-key)"
)


def wordless(tree: LexborHTMLParser) -> list[str]:
    """Returns headings and labels that say nothing, and tints that stand alone for what they mean."""
    named = "h1, h2, h3, h4, legend, caption, label, summary"
    return [
        f"no words in {node.tag} {node.attributes.get('class') or ''}"
        for node in tree.css(f"{named}, {TINTED}")
        if not words(node) and not node.attributes.get("aria-label")
    ]


def _what(control: LexborNode) -> str:
    """Returns what a control does: where a link leads, what a button sends where, which part unfolds."""
    if control.tag == "summary":
        return str(control.mem_id)
    form: LexborNode | None = control
    while form is not None and form.tag != "form":
        form = form.parent
    of = control.attributes
    return (
        f"{of.get('href')} {form.attributes.get('action') if form else ''} {of.get('name')} {of.get('value')}"
    )


def _form_action(node: LexborNode) -> str | None:
    """Returns where the form around a part that saves itself is sent."""
    form: LexborNode | None = node
    while form is not None and form.tag != "form":
        form = form.parent
    return form.attributes.get("action") if form is not None else None


def _htmx(tree: LexborHTMLParser) -> list[str]:
    found = []
    for node in tree.css("[data-hx-get], [data-hx-post]"):
        attributes = node.attributes
        if not attributes.get("data-hx-target"):
            found.append(
                f"no target at {node.tag} {attributes.get('data-hx-post') or attributes.get('data-hx-get')}"
            )
        fallback = attributes.get("action") or attributes.get("href") or _form_action(node)
        if not fallback or fallback not in {attributes.get("data-hx-post"), attributes.get("data-hx-get")}:
            found.append(f"no way without JavaScript at {node.tag}")
    if tree.css("[hx-get], [hx-post]"):
        found.append("hx- without data-")
    return found


def is_framed(response: TestResponse) -> bool:
    """Returns whether the page is made for a frame; its policy then allows no style but its own, by its hash."""
    return (
        response.request.path.startswith("/framed/")
        and "'sha256-" in response.headers["Content-Security-Policy"]
    )


def _policy(tree: LexborHTMLParser, response: TestResponse) -> list[str]:
    found = []
    if tree.css("[style]"):
        found.append("a style attribute")
    if tree.css("style") and not is_framed(response):
        found.append("a style element")
    if any(node.attributes.get("src") is None for node in tree.css("script")):
        found.append("an inline script")
    for node in tree.css("script[src], img[src], link[href]"):
        address = node.attributes.get("src") or node.attributes.get("href") or ""
        if not address.startswith(("/static/", "/app.webmanifest", "data:")):
            found.append(f"a file from elsewhere: {address}")
    if any(name.startswith("on") for node in tree.css("body *") for name in node.attributes):
        found.append("an on- attribute")
    return found
