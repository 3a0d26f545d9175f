"""What a data set says of models: who made them, when, with how much compute.

A data set is a series of snapshots under one name. A snapshot says what was
known on its day, so that a question about the past is answered as it could
have been answered then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.quantities import Exact


@dataclass(frozen=True, slots=True)
class RecordedModel:
    """A model as a data set records it; None is what the data set does not say.

    `compute`, `low` and `high` are training compute in FLOP, exact, low <= compute
    <= high where given; a bound can stand without a figure between. `developers` are
    as written, in the order given. `is_open` says that the weights are published,
    `is_frontier` that the data set itself marks the model as at the frontier when it
    came out. `cost_usd` is of the training. `line` is where the file has it.
    """

    name: str
    developers: tuple[str, ...] = ()
    published: date | None = None
    compute: Exact | None = None
    low: Exact | None = None
    high: Exact | None = None
    is_open: bool | None = None
    countries: tuple[str, ...] = ()
    confidence: str | None = None
    is_notable: bool = False
    base_model: str | None = None
    cost_usd: Exact | None = None
    is_frontier: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The models of one data set as known on a day.

    `name` is the data set's, `digest` that of the file it was read from, `source`
    whom to credit.
    """

    name: str
    known_on: date
    models: tuple[RecordedModel, ...]
    digest: str = ""
    source: str = ""

    def until(self, day: date) -> Sequence[RecordedModel]:
        """Return the models published on or before a day, in order of the file."""
        return [one for one in self.models if one.published is not None and one.published <= day]
