"""Serves the page that asks before something is deleted, and its button, from what each feature provides."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, redirect, render_template
from msgspec import Struct, field
from werkzeug.wrappers import Response

from engage.coalitions.permissions import GroupOf, Permission, allows
from engage.coalitions.trash import notice
from engage.extensions import db
from engage.snapshots import Snapshot
from engage.web.access import button


class Deletion(Struct, frozen=True, kw_only=True):
    """The texts of the page that asks before deleting, and the function that deletes and returns a message.

    `along` is a text on what is deleted with the thing, None if it cannot be restored. `back` is the page to
    return to without deleting; `then` is the page after deleting, if it is another one.
    """

    title: str
    back: str
    delete: Callable[[], tuple[str, Snapshot | None]]
    what: str = ""
    then: str = ""
    along: str | None = ""
    more: str = ""
    # If False, the page is not shown. The button is refused by `delete` itself, with its own message.
    may: bool = True
    # A template of the feature's own, and further values that it needs.
    page: str = "delete_page.html"
    about: Mapping[str, object] = field(default_factory=dict)


def asks_to_delete(
    bp: Blueprint, rule: str, permission: Permission, *, group_of: GroupOf | None = None
) -> Callable[[Callable[..., Deletion]], Callable[..., Deletion]]:
    """Serves the page and its button at one address; the decorated function finds the thing.

    The page's endpoint has the function's name; the button's has `confirm_` before it.
    """

    def serve(find: Callable[..., Deletion]) -> Callable[..., Deletion]:
        mark = allows(permission, group_of=group_of)

        def ask(**at: object) -> str:
            found = find(**at)
            if not found.may:
                abort(403)
            return render_template(found.page, deletion=found, **found.about)

        def delete(**at: object) -> Response:
            found = find(**at)
            said, copy = found.delete()
            db.session.commit()
            notice.say(said, copy)
            return redirect(found.then or found.back, 303)

        bp.add_url_rule(rule, find.__name__, mark(ask), methods=["GET"])
        bp.add_url_rule(rule, f"confirm_{find.__name__}", button(mark(delete)), methods=["POST"])
        return find

    return serve
