"""A person's name, e-mail address, password and language."""
