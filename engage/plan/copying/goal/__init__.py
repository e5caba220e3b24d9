"""Copies a goal within the plan or from another plan."""
