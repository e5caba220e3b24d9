"""Finds out who a row of an address book is about. Plain Python."""

import re

from engage.imports.names import turned

# In a cell, an address may stand beside a name, or several addresses in a row.
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]++@[^\s<>()\[\],;:\"@]++")


def named(name: str, email: str) -> tuple[str, str]:
    """Returns the name and the address of a person, one of whose cells may hold both or the wrong one.

    "Lee, Ann" is Ann Lee. Where only an address stands, its first part is the name, until the person says theirs.
    """
    beside = ADDRESS.search(name)
    if beside is not None:
        email = email or beside[0]
        name = name.replace(beside[0], " ")
    name = " ".join(re.sub(r"[<>()\[\]\"]", " ", name).split()).strip(" ,;:") if beside else name
    name = turned(name) or name
    if not name:
        name = " ".join(re.split(r"[._+]+", email.partition("@")[0])).strip()
    return name, email
