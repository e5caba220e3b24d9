"""Hashes passwords with argon2id, two at a time, because a hash takes 19 MiB; knows the most common passwords."""

import gzip
from collections.abc import Collection
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

# The file has one password per line, lower case, the most frequent first; common_passwords.LICENSE names its source.
LIST = Path(__file__).with_name("common_passwords.txt.gz")

_turn = BoundedSemaphore(2)


def _hasher() -> PasswordHasher:
    time_cost, memory_cost, parallelism = current_app.config["ARGON2"]
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


def hash_of(password: str) -> str:
    """Returns an argon2id hash, which includes its parameters."""
    with _turn:
        return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Returns whether the password is right; no account (None) and one without a password ("") take the same time."""
    with _turn:
        if not stored:
            _hasher().hash(password)
            return False
        try:
            return _hasher().verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Returns whether the hash was made with older parameters and should be replaced."""
    return _hasher().check_needs_rehash(stored)


def any_common(candidates: Collection[str]) -> bool:
    """Returns whether one of these is on the list.

    The file is read line by line, so that it does not fill the memory.
    """
    with gzip.open(LIST, "rt", encoding="utf-8") as lines:
        return any(line.rstrip("\n") in candidates for line in lines)
