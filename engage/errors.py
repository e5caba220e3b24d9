"""What a service or a rule refuses, in plain Python; `web.answers` turns it into an answer."""

from dataclasses import dataclass


class FieldRefused(Exception):
    """The service refuses a value; the view puts `message` on the field named `field`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class WrongState(Exception):
    """What was asked cannot be done as things stand (409); `message` says why, `link` leads to what can be done."""

    def __init__(self, message: str, link: "Link | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.link = link


@dataclass(frozen=True, slots=True)
class Link:
    """Where an error page leads beside trying again."""

    label: str
    url: str


class StaleVersion(Exception):
    """Somebody else saved this row after the form was opened; the view shows both texts."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One posted field that an error page carries along, so that nothing typed is lost."""

    name: str
    value: str
