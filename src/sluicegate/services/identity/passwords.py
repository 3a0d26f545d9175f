"""Which new passwords are accepted: long ones that are not on everyone's list.

The rules follow NIST SP 800-63B-4, 3.1.1.2: a least length, no demands on the
kinds of signs, and a list of refused passwords.
"""

from __future__ import annotations

import unicodedata

from sluicegate.core.reasons import say
from sluicegate.services.identity.errors import PasswordRefusedError

MOST_SIGNS = 256
"""Longer ones are refused, so that hashing stays cheap."""

_FEW = 3
"""So many different signs, or fewer, make no password."""


def normal(password: str) -> str:
    """Return a password in the one form in which it is hashed (NFKC).

    >>> normal("ｐａｓｓ") == normal("pass")
    True
    """
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, login: str, least: int, common: frozenset[str]) -> None:
    """Go on only when a new password may be used.

    `least` is the least number of signs; `common` holds refused passwords in
    small letters.

    >>> check_password("a-quiet-river-at-dusk", login="mira", least=12, common=frozenset())

    Raises:
        PasswordRefusedError: too short, too long, or too easy to guess.
    """
    text = normal(password)
    if len(text) < least:
        raise PasswordRefusedError(
            say("The password is shorter than {least} signs; use a longer one.", least=least)
        )
    if len(text) > MOST_SIGNS:
        raise PasswordRefusedError(
            say("The password is longer than {most} signs; use a shorter one.", most=MOST_SIGNS)
        )
    plain = text.casefold()
    name = normal(login).casefold()
    if len(set(plain)) <= _FEW or plain in common or _is_repeated(plain, common):
        raise PasswordRefusedError(
            say("Many people use this password; use one that nobody else would think of.")
        )
    if (len(name) > _FEW and name in plain) or plain in name:
        raise PasswordRefusedError(say("The password contains the login; use one without it."))


def _is_repeated(plain: str, common: frozenset[str]) -> bool:
    """Say whether a password is a refused one, written several times."""
    for size in range(1, len(plain) // 2 + 1):
        if len(plain) % size == 0 and plain == plain[:size] * (len(plain) // size):
            return size <= _FEW or plain[:size] in common
    return False
