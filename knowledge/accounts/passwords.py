"""Passwords: what is accepted, and how they are kept.

The rules are those of OWASP ASVS 5.0, chapter 6: any characters, at least eight, no composition
rules, no expiry, and none that is commonly used or holds the names of the place.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from knowledge.accounts.errors import (
    CommonPasswordError,
    LongPasswordError,
    ShortPasswordError,
    TellingPasswordError,
)

SHORTEST: Final = 8
LONGEST: Final = 1024
"""Characters; hashing more than that would only cost time."""
_TELLING: Final = 4
"""A name shorter than this may occur in a password by chance."""

# Of the parameters that OWASP's password storage cheat sheet (2025) holds equal, the one with the
# least memory for each hash that many people at once ask for: 12 MiB, three passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=12_288, parallelism=1)


def check(password: str, *, names: Iterable[str] = ()) -> None:
    """Accept a new password or say why not.

    Args:
        password: as typed.
        names: what anybody would try first: the person's name, the library's.

    Raises:
        ShortPasswordError: fewer than eight characters.
        LongPasswordError: more than `LONGEST`.
        CommonPasswordError: it is among the most used.
        TellingPasswordError: hardly more than one of `names`.
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        raise ShortPasswordError(least=SHORTEST)
    if len(text) > LONGEST:
        raise LongPasswordError(most=LONGEST)
    folded = text.casefold()
    if folded in common() or len(set(folded)) < 3:
        raise CommonPasswordError()
    for name in names:
        known = _normal(name).casefold()
        if len(known) >= _TELLING and known in folded and len(folded) - len(known) < _TELLING:
            raise TellingPasswordError(name=name)


def hashed(password: str) -> str:
    """A salted Argon2id hash, which holds its own parameters."""
    return _HASHER.hash(_normal(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether a password is the one hashed; takes as long where there is none to compare with."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(stored or _nobodys(), _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with parameters that are no longer ours."""
    return _HASHER.check_needs_rehash(stored)


@cache
def common() -> frozenset[str]:
    """The commonly used passwords of eight characters and more, folded; some ten thousand."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this one")


def _normal(password: str) -> str:
    """One form for characters that keyboards of different systems compose differently."""
    return unicodedata.normalize("NFC", password)
