"""Shows the plan's page: outline, groups, board and timeline."""
