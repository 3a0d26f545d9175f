"""Thresholds that move: how a text, or a proposal, lets a limit change over time.

A moving rule holds no number. Its parameters do, each dated, with its
reference and mark, so that a value can be computed as known on a day. A rule
tied to models names a data set; the value then rests on the snapshot of it
that was known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from sluicegate.core.calendars import PeriodUnit
from sluicegate.core.reasons import Mark, Named
from sluicegate.rules.comparators import Comparator


class MovingForm(Enum):
    """What a threshold is tied to."""

    FIXED = "fixed"
    SCHEDULED = "scheduled"
    PROGRESS = "progress"
    RANK = "rank"
    OPEN_WEIGHT = "open_weight"
    DEVELOPER_SHARE = "developer_share"
    RELATIVE = "relative"
    COMBINATION = "combination"

    @property
    def code(self) -> str:
        """The code by which the form has a label."""
        return f"moving_{self.value}"


class Role(Enum):
    """What a parameter is to a moving rule; the value is its field in the file."""

    VALUE = "value"
    BASE = "base"
    BASE_DAY = "base_day"
    HALVING_LOW = "halving_low"
    HALVING = "halving"
    HALVING_HIGH = "halving_high"
    RANK = "rank"
    FACTOR = "factor"
    SHARE = "share"
    ORDERS = "orders"
    WINDOW = "window"
    FLOOR = "floor"
    CAP = "cap"

    @property
    def code(self) -> str:
        """The code by which the role has a label."""
        return f"moving_by_{self.value}"


class Sense(Enum):
    """Whether at most, or at least, a share of developers may exceed the level."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class Take(Enum):
    """Which of several limits a combination takes."""

    MAX = "max"
    MIN = "min"


DAYS_OF: Mapping[PeriodUnit, Fraction] = {
    PeriodUnit.HOUR: Fraction(1, 24),
    PeriodUnit.DAY: Fraction(1),
    PeriodUnit.WEEK: Fraction(7),
    PeriodUnit.MONTH: Fraction(146_097, 4_800),
    PeriodUnit.YEAR: Fraction(146_097, 400),
}
"""Days of each unit of a halving time; 400 Gregorian years have 146,097 days."""

NEEDED: Mapping[MovingForm, tuple[Role, ...]] = {
    MovingForm.FIXED: (Role.VALUE,),
    MovingForm.SCHEDULED: (Role.VALUE,),
    MovingForm.PROGRESS: (
        *(Role.BASE, Role.BASE_DAY),
        *(Role.HALVING_LOW, Role.HALVING, Role.HALVING_HIGH),
    ),
    MovingForm.RANK: (Role.RANK,),
    MovingForm.OPEN_WEIGHT: (),
    MovingForm.DEVELOPER_SHARE: (Role.SHARE,),
    MovingForm.RELATIVE: (Role.ORDERS,),
    MovingForm.COMBINATION: (),
}
"""The parameters that each form needs."""

ALLOWED: Mapping[MovingForm, tuple[Role, ...]] = {
    MovingForm.RANK: (Role.WINDOW,),
    MovingForm.OPEN_WEIGHT: (Role.FACTOR,),
    MovingForm.DEVELOPER_SHARE: (Role.WINDOW,),
    MovingForm.RELATIVE: (Role.WINDOW,),
}
"""The parameters that a form may have besides; every form may have a floor and a cap."""

OF_MODELS = frozenset(
    {
        MovingForm.RANK,
        MovingForm.OPEN_WEIGHT,
        MovingForm.DEVELOPER_SHARE,
        MovingForm.RELATIVE,
    }
)
"""Forms whose value rests on the models of a data set."""


@dataclass(frozen=True, slots=True)
class MovingRule:
    """A limit that moves, as declared; `id` begins with its instrument's id.

    `parameters` are full ids by role, `parts` full ids of the moving rules that
    a combination takes one of. `proxy` says what the computed figure stands for
    where the text asks for something else. The rule has no value before `start`
    (None: its parameters say), and was known from `known_from` on.
    """

    id: str
    instrument: str
    title: Named
    form: MovingForm
    unit: str
    comparator: Comparator
    reference: str
    mark: Mark
    start: date | None = None
    known_from: date | None = None
    parameters: Mapping[Role, str] = field(default_factory=dict)
    data_set: str | None = None
    sense: Sense | None = None
    take: Take | None = None
    parts: tuple[str, ...] = ()
    proxy: Named | None = None

    @property
    def never_falls(self) -> bool:
        """Whether the level, once reached, stays: that of the best open-weight model."""
        return self.form is MovingForm.OPEN_WEIGHT
