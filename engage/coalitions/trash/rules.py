"""Names how a copy got into the trash."""

DELETED = "deleted"
# Only the person who deleted it sees that it existed.
DELETED_PRIVATE = "deleted_private"
