"""Finds sentences that sound translated, on screen, in the content, in the sample and in what commands say.

`make check` refuses them.

What it looks for, and what may stay for a said reason, is in docs/words.toml; docs/words.md holds the words to use.
"""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "docs" / "words.toml"
CONTENT = ROOT / "engage" / "content" / "en"
SAMPLE = ROOT / "engage" / "operations" / "sample" / "sample.json"
MARKED = [("engage/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
COMMANDS = (
    "engage/cli.py", "engage/config.py", "engage/settings.py", "engage/plan/commands.py", "engage/operations/**/*.py",
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# What one allows oneself over all texts. A longer list of exceptions would be the old words under another name.
MOST_EXCEPTIONS = 15


@dataclass(frozen=True)
class Rule:
    find: re.Pattern[str]
    say: str


@dataclass(frozen=True)
class Refused:
    where: str
    text: str
    word: str
    say: str


def on_screen() -> Iterator[tuple[str, str]]:
    """Yields where it is and the text of each message that a template or module marks."""
    for file, line, message, _comments, _context in extract_from_dir(ROOT, MARKED, keywords=KEYWORDS):
        for text in [message] if isinstance(message, str) else message:
            yield f"{file}:{line}", text


def texts_in(branch: object) -> Iterator[str]:
    """Yields the texts of a tree that YAML or JSON gave. Keys are not read by anyone, and a key has no space."""
    if isinstance(branch, dict):
        branch = list(branch.values())
    if isinstance(branch, list):
        for twig in branch:
            yield from texts_in(twig)
    elif isinstance(branch, str) and " " in branch:
        yield branch


def in_commands() -> Iterator[tuple[str, str]]:
    """Yields where it is and each text of a command or its help. Other docstrings are for readers of the code."""
    for path in sorted(path for pattern in COMMANDS for path in ROOT.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text())):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and not _is_command(node):
                body[0].value = ast.Constant("")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def _is_command(node: ast.AST) -> bool:
    """Returns whether the docstring of it is its help."""
    return any("command" in ast.dump(each) for each in getattr(node, "decorator_list", ()))


def everything() -> Iterator[tuple[str, str]]:
    """Yields where it is and the text of all that a person reads."""
    yield from on_screen()
    yield from in_commands()
    for file in sorted(CONTENT.glob("*.yaml")):
        yield from ((file.name, text) for text in texts_in(yaml.safe_load(file.read_text())))
    yield from ((SAMPLE.name, text) for text in sorted(set(texts_in(json.loads(SAMPLE.read_text())))))


def rules() -> list[Rule]:
    return [
        Rule(re.compile(each["find"], re.IGNORECASE), each["say"])
        for each in tomllib.loads(RULES.read_text())["rules"]
    ]


def exceptions() -> dict[str, str]:
    """Returns the texts that may stay, each with its reason."""
    said = tomllib.loads(RULES.read_text()).get("exceptions", [])
    return {each["text"]: each["because"] for each in said}


def refused(texts: Iterator[tuple[str, str]], rules: list[Rule]) -> Iterator[Refused]:
    for where, text in texts:
        # A placeholder's name is read by translators alone.
        words = PLACEHOLDER.sub("x", text)
        for rule in rules:
            if found := rule.find.search(words):
                yield Refused(where, text, found[0], rule.say)
                break


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


def main() -> int:
    spared = exceptions()
    if len(spared) > MOST_EXCEPTIONS:
        say(f"{len(spared)} exceptions; {MOST_EXCEPTIONS} is the most. Reword some: {RULES.name}")
        return 1
    found = list(refused(everything(), rules()))
    unused = set(spared) - {each.text for each in found}
    left = [each for each in found if each.text not in spared]
    for each in left:
        say(f"{each.where}: “{each.word}”: say {each.say}\n    {each.text}")
    for text in sorted(unused):
        say(f"{RULES.name}: an exception that nothing needs: {text}")
    say(f"{len(left)} texts sound translated; {len(spared)} exceptions.")
    return 1 if left or unused else 0


if __name__ == "__main__":
    sys.exit(main())
