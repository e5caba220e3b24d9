"""Holds what a plan took over from an earlier one."""
