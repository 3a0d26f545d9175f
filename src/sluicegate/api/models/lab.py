"""Shapes of data sets about models, and of thresholds tried on them."""

from __future__ import annotations

from sluicegate.api.models.common import Exact, Shape


class SnapshotShown(Shape):
    """A snapshot of a data set; `replaces` names the one that it corrects."""

    name: str
    known_on: str
    models: int
    rows: int
    left_out: int
    problems: int
    source: str
    file: str
    digest: str
    at: str
    by: str
    snapshot: str
    replaces: str | None


class SnapshotList(Shape):
    """The snapshots of a node that no later one corrects, and the names of its data sets."""

    items: list[SnapshotShown]
    names: list[str]


class SnapshotTaken(Shape):
    """What became of a table: `is_new` is false where it was there; `told` says what was wrong."""

    snapshot: SnapshotShown
    is_new: bool
    told: list[str]


class RecordedModelShown(Shape):
    """A model as a data set records it; null is what the data set does not say."""

    name: str
    developers: list[str]
    published: str | None
    flop: Exact | None
    low: Exact | None
    high: Exact | None
    confidence: str | None
    open: bool | None
    frontier: bool | None
    countries: list[str]
    base_model: str | None


class DatasetShown(Shape):
    """A data set as known on a day, with its models in order of the file."""

    name: str
    known_on: str
    digest: str
    source: str
    models: list[RecordedModelShown]


class LabData(Shape):
    """The snapshot that an answer rests on."""

    name: str
    known_on: str
    digest: str
    source: str
    models: int
    undated: int


class LabFactors(Shape):
    """How many times the true compute may lie above or below a figure, by its label."""

    confident: Exact
    likely: Exact
    speculative: Exact
    unlabelled: Exact


class LabAssumed(Shape):
    """What the lab assumes, from the rule files."""

    frontier_share: Exact
    factors: LabFactors
    splitting_loss: Exact


class FrontierYear(Shape):
    """The frontier at the end of a year; compute in FLOP."""

    year: int
    until: str
    largest: Exact | None
    level: Exact | None
    models: int
    least_frontier: Exact | None
    largest_other: Exact | None


class OptionLevel(Shape):
    """A threshold in FLOP with its bounds; all null where it has no value."""

    value: Exact | None
    low: Exact | None
    high: Exact | None


class OptionYear(Shape):
    """What an option does in a year; counts of models published in it, up to `until`."""

    year: int
    until: str
    level: Exact | None
    models: int
    with_compute: int
    caught: int
    certain: int
    possible: int
    unknown: int
    cumulative: int
    developers: int
    burdened: int
    frontier: int
    missed: int
    missed_unknown: int


class CaughtShown(Shape):
    """A caught model; `pieces` is the least split that escapes, `extra` what it costs."""

    model: str
    developers: list[str]
    published: str
    flop: Exact | None
    confidence: str | None
    standing: str
    frontier: bool
    pieces: int | None
    extra: Exact | None


class BurdenedShown(Shape):
    """A developer caught in a year and not at the frontier at its end."""

    developer: str
    year: int
    models: int
    largest: Exact
    frontier_level: Exact


class MissedShown(Shape):
    """A model at the frontier that is not caught; `flop` is null where nothing is known of it."""

    model: str
    developers: list[str]
    published: str
    flop: Exact | None
    level: Exact | None


class SplitWay(Shape):
    """How many caught models escape when split so often, and which counting finds them again."""

    pieces: int
    escaped: int
    caught: int
    within_group: int
    by_causes: int


class SplittingShown(Shape):
    """The cost of evasion by splitting."""

    ways: list[SplitWay]
    median_pieces: int | None
    most_pieces: int | None
    median_extra: Exact | None
    derived: list[str]
    added_up: list[str]


class OptionTried(Shape):
    """Everything about one option; `said` puts it into sentences."""

    option: str
    comparator: str
    moving: bool
    level: OptionLevel
    said: list[str]
    years: list[OptionYear]
    caught: list[CaughtShown]
    burdened: list[BurdenedShown]
    missed: list[MissedShown]
    splitting: SplittingShown


class ThresholdsTried(Shape):
    """Thresholds tried on a data set, side by side, with the frontier of every year."""

    data: LabData
    as_of: str
    years: list[int]
    as_if_always: bool
    assumed: LabAssumed
    said: list[str]
    frontier: list[FrontierYear]
    options: list[OptionTried]
