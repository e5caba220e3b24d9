"""Hashes passwords with argon2id, at most two at a time: one hash takes 19 MiB."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

_turn = BoundedSemaphore(2)


def _hasher() -> PasswordHasher:
    time_cost, memory_cost, parallelism = current_app.config["ARGON2"]
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


def hash_of(password: str) -> str:
    """Returns an argon2id hash with its parameters in it."""
    with _turn:
        return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Returns whether the password is right; an unknown account (None) takes the same time."""
    with _turn:
        if stored is None:
            _hasher().hash(password)
            return False
        try:
            return _hasher().verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Returns whether the hash was made with older parameters and should be replaced."""
    return _hasher().check_needs_rehash(stored)
