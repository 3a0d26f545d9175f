"""Moving thresholds of a rule file that is invented, and snapshots of invented models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from sluicegate.core.quantities import Exact
from sluicegate.frontier.moving import Moving
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import read_book, shipped_book

FILE = "harbour_levels.yaml"
HOME = "local.harbour_levels"
DATA = "harbour_models"
START = date(2024, 1, 1)

MOVING_FILE = """\
instrument:
  id: local.harbour_levels
  issuer: {en: Harbour Board (invented), zh: 港务局（虚构）}
  title: {en: Harbour levels, zh: 港口算力水平}
  citation: Harbour order 9
  kind: proposal
  published: 2024-01-01
  status:
  - {from: 2024-01-01, text: proposed, enforcement: not_binding, reference: s. 1, mark: found}
parameters:
- id: limit
  title: {en: Limit, zh: 阈值}
  unit: FLOP
  comparator: greater_than
  values:
  - {from: 2024-01-01, value: "1e24", reference: s. 2, mark: found}
  - {from: 2026-01-01, value: "5e24", reference: s. 2a, mark: found, known_from: 2025-06-01}
- id: base
  title: {en: Base, zh: 基数}
  unit: FLOP
  values:
  - {from: 2024-01-01, value: "1e25", reference: s. 3, mark: found}
- id: base_day
  title: {en: Day of the base, zh: 基准日}
  unit: date
  values:
  - {from: undated, value: 2024-01-01, reference: s. 3, mark: found}
- id: halving.low
  title: {en: Shortest halving time, zh: 最短减半时间}
  unit: day
  values:
  - {from: undated, value: 100, reference: s. 4, mark: found}
- id: halving
  title: {en: Halving time, zh: 减半时间}
  unit: day
  values:
  - {from: undated, value: 200, reference: s. 4, mark: found}
- id: halving.high
  title: {en: Longest halving time, zh: 最长减半时间}
  unit: day
  values:
  - {from: undated, value: 400, reference: s. 4, mark: found}
- id: place
  title: {en: Place from the largest, zh: 由大到小的名次}
  unit: count
  values:
  - {from: undated, value: 3, reference: s. 5, mark: found}
- id: twice
  title: {en: Factor, zh: 倍数}
  unit: count
  values:
  - {from: undated, value: 2, reference: s. 6, mark: found}
- id: quarter
  title: {en: Share of developers, zh: 开发者占比}
  unit: share
  values:
  - {from: undated, value: "0.25", reference: s. 7, mark: found}
- id: orders
  title: {en: Orders of magnitude, zh: 数量级}
  unit: count
  values:
  - {from: undated, value: "0.5", reference: s. 8, mark: found}
- id: two_years
  title: {en: Years looked back, zh: 回溯年限}
  unit: year
  values:
  - {from: undated, value: 2, reference: s. 9, mark: found}
- id: least
  title: {en: Floor, zh: 下限}
  unit: FLOP
  values:
  - {from: undated, value: "1e23", reference: s. 10, mark: found}
- id: most
  title: {en: Cap, zh: 上限}
  unit: FLOP
  values:
  - {from: undated, value: "9e24", reference: s. 10, mark: found}
moving:
- id: planned
  title: {en: Planned, zh: 分期}
  form: scheduled
  comparator: greater_than
  value: limit
  reference: s. 2
  mark: found
- id: progress
  title: {en: Progress, zh: 进步}
  form: progress
  comparator: greater_than
  base: base
  base_day: base_day
  halving_low: halving.low
  halving: halving
  halving_high: halving.high
  reference: s. 4
  mark: found
- id: bounded
  title: {en: Progress between bounds, zh: 有界进步}
  form: progress
  comparator: greater_than
  base: base
  base_day: base_day
  halving_low: halving.low
  halving: halving
  halving_high: halving.high
  floor: least
  cap: most
  reference: s. 10
  mark: found
- id: third
  title: {en: Third largest, zh: 第三大}
  form: rank
  comparator: at_least
  data_set: harbour_models
  rank: place
  reference: s. 5
  mark: found
- id: third_of_late
  title: {en: Third largest of late, zh: 近期第三大}
  form: rank
  comparator: at_least
  data_set: harbour_models
  rank: place
  window: two_years
  reference: s. 9
  mark: found
- id: open
  title: {en: Twice the best open model, zh: 最强开放模型两倍}
  form: open_weight
  comparator: at_least
  data_set: harbour_models
  factor: twice
  reference: s. 6
  mark: found
- id: few
  title: {en: At most a quarter exceed it, zh: 至多四分之一超过}
  form: developer_share
  comparator: greater_than
  data_set: harbour_models
  sense: at_most
  share: quarter
  reference: s. 7
  mark: found
- id: some
  title: {en: At least a quarter reach it, zh: 至少四分之一达到}
  form: developer_share
  comparator: at_least
  data_set: harbour_models
  sense: at_least
  share: quarter
  reference: s. 7
  mark: found
- id: near
  title: {en: Near the largest, zh: 接近最大者}
  form: relative
  comparator: at_least
  data_set: harbour_models
  orders: orders
  reference: s. 8
  mark: found
- id: highest
  title: {en: The highest, zh: 最高者}
  form: combination
  comparator: greater_than
  take: max
  of: [planned, progress]
  reference: s. 11
  mark: found
- id: lowest
  title: {en: The lowest, zh: 最低者}
  form: combination
  comparator: greater_than
  take: min
  of: [highest, progress]
  reference: s. 11
  mark: found
"""

OF_MODELS = ("third", "third_of_late", "open", "few", "some", "near")


@cache
def moving_book() -> RuleBook:
    """Return the shipped book with the invented file."""
    return read_book([(FILE, MOVING_FILE)], base=shipped_book(), local=True)


def moving(name: str) -> Moving:
    """Return a moving threshold of the invented file."""
    return Moving.of(moving_book(), f"{HOME}.{name}")


def model(
    name: str,
    compute: Exact | None,
    day: int = 0,
    *,
    bounds: tuple[Exact | None, Exact | None] = (None, None),
    by: tuple[str, ...] = (),
    is_open: bool = False,
) -> RecordedModel:
    """Return an invented model, published a number of days after the first day."""
    return RecordedModel(
        name,
        by or (f"maker of {name}",),
        START + timedelta(days=day),
        compute,
        bounds[0],
        bounds[1],
        is_open,
    )


def snapshot(models: Iterable[RecordedModel], known: date = date(2026, 6, 1)) -> Snapshot:
    """Return a snapshot of the invented data set."""
    return Snapshot(DATA, known, tuple(models), f"digest of {known}", "invented")


@st.composite
def drawn_models(draw: st.DrawFn) -> tuple[RecordedModel, ...]:
    """Draw models with and without compute and bounds, some of one developer."""
    count = draw(st.integers(0, 12))
    found = []
    for number in range(count):
        compute = draw(st.none() | st.integers(10**20, 10**22))
        low = draw(st.none() | st.integers(10**19, compute or 10**22))
        high = draw(st.none() | st.integers(compute or low or 10**20, 10**23))
        makers = draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=2, unique=True))
        found.append(
            model(
                f"m{number}",
                compute,
                draw(st.integers(0, 900)),
                bounds=(low, high),
                by=tuple(makers),
                is_open=draw(st.booleans()),
            )
        )
    return tuple(found)
