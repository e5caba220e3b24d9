"""Defines who may do what, as one table.

A route names its permission with `@allows`; a test fails for a route without one.
"""

from collections.abc import Callable
from enum import Enum, auto

from engage.coalitions.rules import Role
from engage.web.access import View


class Permission(Enum):
    """The permissions that routes need."""

    # Viewers see steps, counts of tips, areas of closed rounds, goals, objectives, and actions with dates.
    SEE = auto()
    # Members also see people, notes, tips item by item, and how ratings of an indicator spread.
    SEE_ALL = auto()
    # Ticking tips, and writing answers, notes, updates, actions, strengths and organizations.
    WORK = auto()
    ANSWER = auto()
    # Changing goals and objectives, and adopting and closing plans.
    EDIT_PLAN = auto()
    # Opening and closing rounds.
    RUN_ROUNDS = auto()
    # Closing, reopening and calling off meetings.
    CLOSE_MEETINGS = auto()
    # Deleting any action, and moving actions into a group or out of it.
    DELETE_ACTIONS = auto()
    # Answering requests to join a group, and setting each person's role in it.
    RUN_GROUP = auto()
    # Setting the value that the group agreed on for an indicator.
    SET_AGREED = auto()
    # Preparing, opening and closing votes on needs.
    RUN_VOTES = auto()
    # Inviting and approving people, setting roles and groups, and handing over.
    MANAGE_PEOPLE = auto()
    EDIT_SETTINGS = auto()
    # Reading the audit log: who let people in and who downloaded lists.
    READ_AUDIT = auto()
    # Removing texts for good, and handling reported texts.
    REDACT = auto()
    # Deciding that a step is complete.
    OVERRIDE_STEPS = auto()
    # Merging two names of one organization.
    MERGE = auto()
    # Recording, moving, renewing and naming agreements with organizations.
    EDIT_AGREEMENTS = auto()
    # Using the texts that remind others.
    REMIND = auto()
    # Sending letters to people.
    WRITE_TO_PEOPLE = auto()
    # Posting announcements.
    ANNOUNCE = auto()
    # Changing everyone's documents, and checking whether their links work.
    EDIT_DOCUMENTS = auto()
    # Changing the page that the public sees by a link.
    PUBLISH = auto()
    # Making reports to funders, and keeping copies of those that were sent.
    REPORT = auto()
    # Importing a file, and downloading everything with people in it.
    IMPORT = auto()
    EXPORT = auto()


_MEMBER = frozenset({Role.MEMBER, Role.COORDINATOR})
_COORDINATOR = frozenset({Role.COORDINATOR})

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.SEE: frozenset(Role),
    Permission.SEE_ALL: _MEMBER,
    Permission.WORK: _MEMBER,
    Permission.ANSWER: _MEMBER,
    Permission.EDIT_PLAN: _COORDINATOR,
    Permission.RUN_ROUNDS: _COORDINATOR,
    Permission.CLOSE_MEETINGS: _COORDINATOR,
    Permission.DELETE_ACTIONS: _COORDINATOR,
    Permission.RUN_GROUP: _COORDINATOR,
    Permission.SET_AGREED: _COORDINATOR,
    Permission.RUN_VOTES: _COORDINATOR,
    Permission.MANAGE_PEOPLE: _COORDINATOR,
    Permission.EDIT_SETTINGS: _COORDINATOR,
    Permission.READ_AUDIT: _COORDINATOR,
    Permission.REDACT: _COORDINATOR,
    Permission.OVERRIDE_STEPS: _COORDINATOR,
    Permission.MERGE: _COORDINATOR,
    Permission.EDIT_AGREEMENTS: _COORDINATOR,
    Permission.REMIND: _COORDINATOR,
    Permission.WRITE_TO_PEOPLE: _COORDINATOR,
    Permission.ANNOUNCE: _COORDINATOR,
    Permission.EDIT_DOCUMENTS: _COORDINATOR,
    Permission.PUBLISH: _COORDINATOR,
    Permission.REPORT: _COORDINATOR,
    Permission.IMPORT: _COORDINATOR,
    Permission.EXPORT: _COORDINATOR,
}

# A member who leads a group also has these permissions for that group's own actions, meetings and people,
# until the lead ends. They never exceed a coordinator's.
LEAD_MAY_THERE = frozenset({Permission.CLOSE_MEETINGS, Permission.DELETE_ACTIONS, Permission.RUN_GROUP})


def may(role: Role, permission: Permission) -> bool:
    """Returns whether this role includes the permission."""
    return role in ALLOWED[permission]


GroupOf = Callable[..., int | None]


def allows(permission: Permission, *, group_of: GroupOf | None = None) -> Callable[[View], View]:
    """Marks a view below /c/<slug>/ as open to memberships whose role includes the permission.

    `group_of` finds the group of the row in the address; the group's lead may then also open the view, if
    LEAD_MAY_THERE includes the permission.
    """

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        view.group_of = group_of  # type: ignore[attr-defined]
        return view

    return mark
