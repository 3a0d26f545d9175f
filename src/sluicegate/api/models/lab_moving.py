"""Shapes of thresholds that move."""

from __future__ import annotations

from pydantic import Field

from sluicegate.api.models.common import Bilingual, Day, Exact, Shape


class MovingRow(Shape):
    """A threshold that moves, with its level on the day; null where it has none."""

    id: str
    title: str
    form: str
    limit: str
    value: Exact | None
    low: Exact | None
    high: Exact | None
    high_stated: Exact | None
    unit: str
    comparator: str
    data_set: str | None
    reference: str
    mark: str
    why: str


class MovingList(Shape):
    """All thresholds that move, on a day, as known on another."""

    as_of: Day
    known_on: Day | None
    items: list[MovingRow]


class MovingHead(Shape):
    """What a threshold that moves is; `proxy` says what the figure stands for."""

    id: str
    title: Bilingual
    instrument: str
    form: str
    comparator: str
    unit: str
    data_set: str | None
    reference: str
    mark: str
    proxy: Bilingual | None


class DatedFigure(Shape):
    """A value of a parameter from a day on."""

    from_: str = Field(alias="from")
    value: str | list[str]
    reference: str
    mark: str
    known_from: Day | None


class MovingParameter(Shape):
    """A parameter of a rule, by what it is to it, with all its dated values."""

    role: str
    id: str
    unit: str
    values: list[DatedFigure]


class MovingShown(MovingHead):
    """A threshold that moves as it is declared; `of` are the rules that it takes one of."""

    from_: Day | None = Field(alias="from")
    known_from: Day | None
    sense: str | None
    take: str | None
    of: list[str]
    never_falls: bool
    parameters: list[MovingParameter]


class MovingUsed(Shape):
    """A parameter with the value that was used."""

    role: str
    id: str
    value: str | list[str]
    unit: str
    from_: str = Field(alias="from")
    reference: str
    mark: str


class MovingSnapshot(Shape):
    """A snapshot that a value rests on."""

    name: str
    known_on: Day
    digest: str
    source: str


class MovingModel(Shape):
    """A model that a value rests on, with its place from the largest; figures in FLOP."""

    place: int
    name: str
    developers: list[str]
    published: Day | None
    flop: Exact | None
    low: Exact | None
    high: Exact | None
    confidence: str | None


class MovingPart(Shape):
    """One of the levels that a combination takes one of."""

    id: str
    as_of: Day
    known_on: Day | None
    value: Exact | None
    low: Exact | None
    high: Exact | None
    high_stated: Exact | None
    why: str


class MovingComputed(MovingHead):
    """A level on a day with everything it rests on.

    `high` is null where no upper bound is known; `high_stated` is the upper bound
    of the figures that are stated. `undisclosed` of the `considered` models, or
    developers, say nothing of their compute.
    """

    as_of: Day
    known_on: Day | None
    value: Exact | None
    low: Exact | None
    high: Exact | None
    high_stated: Exact | None
    why: str
    notes: list[str]
    parameters: list[MovingUsed]
    snapshots: list[MovingSnapshot]
    considered: int
    undisclosed: int
    models: list[MovingModel]
    parts: list[MovingPart]
    chosen: str | None


class MovingStep(Shape):
    """A level from a day on, up to and with another."""

    from_: Day = Field(alias="from")
    until: Day
    value: Exact | None
    low: Exact | None
    high: Exact | None
    high_stated: Exact | None
    why: str
    models: list[str]


class MovingOverTime(MovingHead):
    """A level over days; one that is `gliding` changes every day between its steps."""

    first: Day
    last: Day
    gliding: bool
    steps: list[MovingStep]
