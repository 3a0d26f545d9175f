"""Seeded draws that give the same values on every machine.

Only integers are drawn: no logarithm or other library function that may differ in its last
bit between platforms stands between the seed and the bytes of a file.
"""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of seeded choices."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included, each equally likely."""
        return low + self._random.randrange(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of 100 draws."""
        return self._random.randrange(100) < percent

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each equally likely."""
        return options[self._random.randrange(len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different options in a drawn order."""
        return self.shuffled(options)[:count]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All options in a drawn order."""
        order = list(options)
        for last in range(len(order) - 1, 0, -1):
            other = self._random.randrange(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def flop(self, low: str, high: str) -> int:
        """A count of FLOP between two decimals, each value equally likely.

        >>> 14 * 10**24 <= Draws(7).flop("1.4e25", "7e25") <= 70 * 10**24
        True
        """
        return self.whole(whole_flop(low), whole_flop(high))

    def flop_by_octave(self, low: str, high: str) -> int:
        """A count of FLOP between two decimals, each doubling equally likely."""
        floor, roof = whole_flop(low), whole_flop(high)
        octaves = (roof // floor).bit_length()
        bottom = floor << self.whole(0, octaves - 1)
        return self.whole(min(bottom, roof), min(2 * bottom, roof))


def whole_flop(text: str) -> int:
    """Read a decimal such as "1.4e25" exactly.

    >>> whole_flop("1.4e3")
    1400
    """
    return int(Decimal(text))
