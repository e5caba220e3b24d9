"""The words that a copy in the trash bears for how it got there."""

DELETED = "deleted"
# No one but who deleted it sees that it was there.
DELETED_PRIVATE = "deleted_private"
