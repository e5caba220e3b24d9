"""Names roles and states of people, groups and invitations on screen."""

from flask_babel import lazy_gettext as _l

from engage.coalitions.rules import GroupKind, InvitationKind, InvitationState, PersonState, Role

ROLE_WORDS = {
    Role.COORDINATOR: _l("Coordinator"),
    Role.MEMBER: _l("Member"),
    Role.VIEWER: _l("Viewer"),
}
ROLE_WHY = {
    Role.COORDINATOR: _l("Invites people, opens the assessment, keeps the plan and the settings."),
    Role.MEMBER: _l("Ticks tips, answers the assessment, adds and updates actions."),
    Role.VIEWER: _l("Reads goals, actions and results. Sees organizations instead of people."),
}
STATE_WORDS = {
    PersonState.WAITING: _l("Waiting for approval"),
    PersonState.ACTIVE: _l("Active"),
    PersonState.DISABLED: _l("Access paused"),
    PersonState.LEFT: _l("Left"),
}
GROUP_WORDS = {
    GroupKind.CORE_TEAM: _l("Core team"),
    GroupKind.WORKGROUP: _l("Workgroup"),
}
GROUP_WHY = {
    GroupKind.CORE_TEAM: _l("The few who keep the coalition going between meetings. A coalition has one."),
    GroupKind.WORKGROUP: _l("People who work on one task or focus area together."),
}
INVITATION_KIND_WORDS = {
    InvitationKind.BOUND: _l("For one person"),
    InvitationKind.OPEN: _l("Open, needs approval"),
}
INVITATION_WORDS = {
    InvitationState.USABLE: _l("Open"),
    InvitationState.USED: _l("Used"),
    InvitationState.EXPIRED: _l("Expired"),
    InvitationState.REVOKED: _l("Revoked"),
}
