"""One round beside an earlier one."""
