"""Two entries of one organization made one."""
