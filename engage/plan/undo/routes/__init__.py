"""The addresses of undoing and of the trash."""
