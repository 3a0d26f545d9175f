"""How many requests a principal and a tenant may make: token buckets."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 100_000
"""Buckets kept at once; the one that waited longest goes first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` requests on average, at most `burst` at once."""

    per_second: int
    burst: int


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """A token bucket for each key; `tick` gives seconds that only grow.

    >>> seconds = iter([0.0, 0.0, 0.0, 1.0])
    >>> buckets = Buckets(Rate(1, 2), lambda: next(seconds))
    >>> [buckets.take("a") for _ in range(4)]
    [0, 0, 1, 0]
    """

    def __init__(self, rate: Rate, tick: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._tick = tick
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one token; return 0, or the whole seconds until there is one."""
        now = self._tick()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(float(self._rate.burst), now)
            if len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
            refilled = bucket.tokens + (now - bucket.at) * self._rate.per_second
            bucket.tokens, bucket.at = min(refilled, float(self._rate.burst)), now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, math.ceil((1 - bucket.tokens) / self._rate.per_second))
