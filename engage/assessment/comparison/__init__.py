"""Shows one round beside an earlier one."""
