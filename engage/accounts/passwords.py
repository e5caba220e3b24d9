"""Hashing passwords with argon2id, two at a time at most: one hash takes 19 MiB."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

_turn = BoundedSemaphore(2)


def _hasher() -> PasswordHasher:
    time_cost, memory_cost, parallelism = current_app.config["ARGON2"]
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


def hash_of(password: str) -> str:
    """An argon2id hash with its parameters in it."""
    with _turn:
        return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right; an unknown account (None) takes the same time."""
    with _turn:
        if stored is None:
            _hasher().hash(password)
            return False
        try:
            return _hasher().verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters and should be made anew."""
    return _hasher().check_needs_rehash(stored)
