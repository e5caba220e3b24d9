"""Defines who may do what, as one table.

A route names its permission with `@allows`; a test fails for a route without one.
"""

from enum import Enum, auto

from engage.coalitions.rules import Role


class Permission(Enum):
    """The permissions that routes need."""

    # A viewer sees steps, counts of tips, areas of closed rounds, goals, objectives, and actions with dates.
    SEE = auto()
    # Members also see people, notes, tips item by item, and an indicator's spread.
    SEE_ALL = auto()
    # This covers ticks, answers, notes, updates, actions, strengths and organizations.
    WORK = auto()
    ANSWER = auto()
    # This covers goals, objectives, adopting and closing plans.
    EDIT_PLAN = auto()
    # This covers opening and closing rounds.
    RUN_ROUNDS = auto()
    # This covers closing, reopening and calling off meetings.
    CLOSE_MEETINGS = auto()
    # This covers deleting any action, and moving actions into a group or out of it.
    DELETE_ACTIONS = auto()
    # This covers answering requests to join a group, and saying what each person does in it.
    RUN_GROUP = auto()
    # This covers the value that the group settled on for an indicator.
    SET_AGREED = auto()
    # This covers preparing, opening and closing votes on needs.
    RUN_VOTES = auto()
    # This covers invitations, approval, roles, groups and handing over.
    MANAGE_PEOPLE = auto()
    EDIT_SETTINGS = auto()
    # This covers the audit log: who let people in and who downloaded lists.
    READ_AUDIT = auto()
    # This covers removing texts for good, and handling reported texts.
    REDACT = auto()
    # This covers deciding that a step is complete.
    OVERRIDE_STEPS = auto()
    # This covers saying that two names mean one organization.
    MERGE = auto()
    # This covers agreements with organizations: recording, moving, renewing, naming.
    EDIT_AGREEMENTS = auto()
    # This covers the texts that remind others.
    REMIND = auto()
    # This covers letters to people.
    WRITE_TO_PEOPLE = auto()
    # This covers announcements.
    ANNOUNCE = auto()
    # This covers the documents of everyone, and checking whether their links work.
    EDIT_DOCUMENTS = auto()
    # This covers the page that the public sees by a link.
    PUBLISH = auto()
    # This covers reports to funders, and copies of those that were sent.
    REPORT = auto()
    # This covers importing a file, and downloading everything with people in it.
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

# These are the rights of a group's lead: a member who leads a group also has them for that group's own
# actions, meetings and people. They end with the lead, and never exceed a coordinator's.
LEAD_MAY_THERE = frozenset({Permission.CLOSE_MEETINGS, Permission.DELETE_ACTIONS, Permission.RUN_GROUP})


def may(role: Role, permission: Permission) -> bool:
    """Returns whether this role includes the permission."""
    return role in ALLOWED[permission]
