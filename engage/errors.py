"""Errors that a service or a rule raises, in plain Python; `web.answers` turns them into responses."""

from msgspec import Struct


class FieldRefused(Exception):
    """The service refuses a value; the view shows `message` at the field named `field`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class WrongState(Exception):
    """The request cannot be carried out in the present state (409).

    `message` says why, and `link` leads to what can be done.
    """

    def __init__(self, message: str, link: "Link | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.link = link


class Link(Struct, frozen=True):
    """A link on an error page to something other than trying again."""

    label: str
    url: str


class StaleVersion(Exception):
    """Someone else saved this row after the form was opened; the view shows both texts."""


class Kept(Struct, frozen=True):
    """A posted field that an error page keeps, so that nothing typed is lost."""

    name: str
    value: str


class ContentError(Exception):
    """A content file cannot be used. The message is one line: file, line, what is wrong, what to do.

    `line` and `problem` are for a page, where the file is known.
    """

    def __init__(self, file: str, line: int, problem: str) -> None:
        # The file's words are quoted, because a line break or an escape sequence must not reach a terminal.
        printable = "".join(each if each.isprintable() else " " for each in problem)
        self.line = line
        self.problem = " ".join(printable.split())
        super().__init__(f"{file}:{line}: {self.problem}")
