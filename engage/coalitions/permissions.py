"""Who may do what, as one table. A route names its permission with `@allows`; a route without one fails a test."""

from enum import Enum, auto

from engage.coalitions.rules import Role


class Permission(Enum):
    """What a route needs."""

    # What a viewer sees: steps, counts of tips, areas of closed rounds, goals, objectives, actions with dates.
    SEE = auto()
    # What members see beyond that: people, notes, tips item by item, an indicator's spread.
    SEE_ALL = auto()
    # Ticks, answers, notes, updates, actions, strengths, organizations.
    WORK = auto()
    ANSWER = auto()
    # Goals, objectives, adopting and closing plans.
    EDIT_PLAN = auto()
    # Opening and closing rounds.
    RUN_ROUNDS = auto()
    # Closing, reopening and calling off meetings.
    CLOSE_MEETINGS = auto()
    # What the group settled on for an indicator.
    SET_AGREED = auto()
    # Preparing, opening and closing votes on needs.
    RUN_VOTES = auto()
    # Invitations, approval, roles, groups, hand-over.
    MANAGE_PEOPLE = auto()
    EDIT_SETTINGS = auto()
    # Who let whom in and took what out.
    READ_AUDIT = auto()
    # Removing texts for good, and what was reported.
    REDACT = auto()
    # Deciding that a step is complete.
    OVERRIDE_STEPS = auto()
    # Saying that two names mean one organization.
    MERGE = auto()
    # Agreements with organizations: writing them down, moving, renewing, naming.
    EDIT_AGREEMENTS = auto()
    # The ready texts that remind others.
    REMIND = auto()
    # What the public sees by a link.
    PUBLISH = auto()
    # Taking in a file, and taking out everything with people in it.
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
    Permission.PUBLISH: _COORDINATOR,
    Permission.IMPORT: _COORDINATOR,
    Permission.EXPORT: _COORDINATOR,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether this role includes the permission."""
    return role in ALLOWED[permission]
