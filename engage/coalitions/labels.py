"""Returns the texts of roles, of states of people, groups and invitations, and of how a coalition is organized."""

from collections.abc import Sequence

from engage.coalitions.models import Coalition
from engage.coalitions.rules import (
    GroupKind,
    InvitationKind,
    InvitationProgress,
    InvitationState,
    Leadership,
    MembershipStyle,
    PersonState,
    Role,
    Stage,
    Structure,
)
from engage.i18n import lazy_gettext as _l
from engage.web.paper.rules import Paper, PaperSection

ROLE_LABELS = {
    Role.COORDINATOR: _l("Coordinator"),
    Role.MEMBER: _l("Member"),
    Role.VIEWER: _l("Viewer"),
}
ROLE_WHY = {
    Role.COORDINATOR: _l("Invites people, opens the assessment, manages the plan and the settings."),
    Role.MEMBER: _l("Checks off tips, answers the assessment, adds and updates actions."),
    Role.VIEWER: _l("Reads goals, actions, and results. Sees organizations instead of people."),
}
STATE_LABELS = {
    PersonState.WAITING: _l("Waiting for approval"),
    PersonState.ACTIVE: _l("Active"),
    PersonState.DISABLED: _l("Access paused"),
    PersonState.LEFT: _l("Left"),
}
GROUP_LABELS = {
    GroupKind.CORE_TEAM: _l("Core team"),
    GroupKind.WORKGROUP: _l("Workgroup"),
}
GROUP_WHY = {
    GroupKind.CORE_TEAM: _l("The few who keep the coalition going between meetings. A coalition has one."),
    GroupKind.WORKGROUP: _l("People who work on one task or focus area together."),
}
INVITATION_KIND_LABELS = {
    InvitationKind.BOUND: _l("For one person"),
    InvitationKind.OPEN: _l("Open, needs approval"),
}
INVITATION_LABELS = {
    InvitationState.USABLE: _l("Open"),
    InvitationState.USED: _l("Used"),
    InvitationState.EXPIRED: _l("Expired"),
    InvitationState.REVOKED: _l("Revoked"),
}
PROGRESS_LABELS = {
    InvitationProgress.NOT_SENT: _l("Not sent"),
    InvitationProgress.SENDING: _l("Being sent"),
    InvitationProgress.SENT: _l("Sent"),
    InvitationProgress.STARTED: _l("Started"),
    InvitationProgress.JOINED: _l("Joined"),
}
PROGRESS_TAGS = {
    InvitationProgress.NOT_SENT: "notstarted",
    InvitationProgress.SENDING: "underway",
    InvitationProgress.SENT: "info",
    InvitationProgress.STARTED: "underway",
    InvitationProgress.JOINED: "done",
}
STAGE_LABELS = {
    Stage.NEW: _l("New"),
    Stage.EXISTING: _l("Existing"),
}
STAGE_WHY = {
    Stage.NEW: _l("We are forming, or have met for less than a year. Engage shows you the first steps."),
    Stage.EXISTING: _l("We have met for a year or more. Engage shows how to renew and grow."),
}
STRUCTURE_LABELS = {
    Structure.COALITION: _l("Coalition"),
    Structure.TASK_FORCE: _l("Task force"),
    Structure.BOTH: _l("Coalition and task force"),
}
STRUCTURE_WHY = {
    Structure.COALITION: _l("Many groups and residents who work toward shared goals."),
    Structure.TASK_FORCE: _l(
        "Mainly police, prosecutors, and service providers who work on cases elsewhere."
    ),
    Structure.BOTH: _l(
        "A broad coalition with a task force alongside it; many strong communities have both."
    ),
}
LEADERSHIP_LABELS = {
    Leadership.CITY_OR_COUNTY: _l("City or county"),
    Leadership.ONE_ORGANIZATION: _l("One organization"),
    Leadership.JOINT: _l("Several organizations together"),
    Leadership.CONCERNED_INDIVIDUALS: _l("Concerned individuals"),
}
LEADERSHIP_WHY = {
    Leadership.CITY_OR_COUNTY: _l("A public office hosts the work and can open doors."),
    Leadership.ONE_ORGANIZATION: _l("One host handles the paperwork; others need a real say."),
    Leadership.JOINT: _l("The load is shared; write down who decides what."),
    Leadership.CONCERNED_INDIVIDUALS: _l("A few people get it started; look early for a home that lasts."),
}
MEMBERSHIP_LABELS = {
    MembershipStyle.FORMAL: _l("Formal"),
    MembershipStyle.INFORMAL: _l("Informal"),
}
MEMBERSHIP_WHY = {
    MembershipStyle.FORMAL: _l("Members sign up or sign an agreement, and know what is expected."),
    MembershipStyle.INFORMAL: _l("Anyone who comes takes part; easy to start, harder to count on."),
}


def paper_of(coalition: Coalition, what: str, title: str, of: str, sections: Sequence[PaperSection]) -> Paper:
    """Returns a report of this coalition, headed with its name and its community."""
    return Paper(
        what=what,
        title=title,
        coalition=coalition.name,
        community=coalition.community if coalition.community != coalition.name else "",
        of=of,
        sections=sections,
    )
