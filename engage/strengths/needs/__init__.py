"""Holds needs: the list, and closing one."""
