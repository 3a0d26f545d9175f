"""Sort keys as text in ascending order: one comparison of row values finds the next page."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from sluicegate.core.quantities import Exact, flop_text

NOTHING = "~"
"""After every key of a day or an amount: what has none comes last."""

_PLAIN = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_COMPLEMENT = str.maketrans("0123456789", "9876543210")
_MOST_DIGITS = 9_999
_LAST = "\U0010ffff"


def amount_key(amount: Exact | str | None) -> str:
    """Return a key that puts the largest amount first, and no amount last.

    `amount` is not negative, exact or decimal text. The key holds the count of
    its digits and the digits, each as what it lacks to nine.

    >>> sorted([None, "9", "10", "0.5", 10**25], key=amount_key)
    [10000000000000000000000000, '10', '9', '0.5', None]
    """
    text = amount if amount is None or isinstance(amount, str) else flop_text(amount)
    found = None if text is None else _PLAIN.fullmatch(text)
    if found is None:
        return NOTHING
    whole = found[1].lstrip("0")
    places = (found[2] or "").rstrip("0")
    if len(whole) > _MOST_DIGITS:
        raise ValueError(f"amount of {len(whole)} digits: is too long to be a figure")
    point = f".{places.translate(_COMPLEMENT)}" if places else ""
    return f"{_MOST_DIGITS - len(whole):04d}{whole.translate(_COMPLEMENT)}{point}{NOTHING}"


def day_key(day: date | str | None) -> str:
    """Return a key that puts the nearest day first, and no day last."""
    if day is None:
        return NOTHING
    return day if isinstance(day, str) else day.isoformat()


def day_of(key: str) -> date | None:
    """Return the day of a key.

    >>> day_of(day_key(date(2026, 6, 30))), day_of(day_key(None))
    (datetime.date(2026, 6, 30), None)
    """
    return None if key == NOTHING else date.fromisoformat(key)


def name_key(name: str) -> str:
    """Return a name as it is searched and sorted: width and case set aside, spaces single."""
    kept = name.replace("\0", "").encode(errors="ignore").decode()
    return " ".join(unicodedata.normalize("NFKC", kept).casefold().split())


def is_storable(text: str) -> bool:
    """Say whether a text can stand in a database at all: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def prefix_end(prefix: str) -> str:
    """Return the key before which everything stands that begins with a prefix."""
    return prefix + _LAST
