"""Duplicates by the Fellegi-Sunter model of splink 5, in DuckDB in memory.

The chances that two records of one party agree (m) and that two of different
parties do (u) are learned from the batch itself. Records come sorted, one
thread works, and draws are seeded: the same batch gives the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import combinations
from logging import ERROR, getLogger
from typing import Any

import duckdb

from sluicegate.core.reasons import say
from sluicegate.services.ports.links import DuplicatesError, Particulars, Suggestion

SEED = 20260401
FEWEST = 50
"""Customers below which nothing can be learned."""

MOST_SHARING = 30
"""A value that more customers share blocks nothing: every two of them would be compared."""

_MOST_PAIRS = 1_000_000
_BLOCKS = ("name", "address", "telephone", "domain")
_PARTS = ("name", "address", "telephone", "domain", "birth_date", "country")
_SIMILAR_NAME = (0.97, 0.9)
_PER_MILLE = 1000
_SURE = (("name", "country"), ("address", "telephone"))
_RECALL = 0.7
"""The share of true pairs that these are taken to find; it sets the prior only."""
_MOST_PRIOR = 0.9


class SplinkDuplicates:
    """Implements `services.ports.links.DuplicateFinder`."""

    def suggest(
        self, particulars: Sequence[Particulars], *, least_per_mille: int
    ) -> Sequence[Suggestion]:
        """Return pairs of at least a probability, the most probable first."""
        splink = _splink()
        if len(particulars) < FEWEST:
            raise DuplicatesError(
                say(
                    "{count} customers are too few to learn from; {least} are needed. Links that"
                    " need no model are found without it.",
                    count=len(particulars),
                    least=FEWEST,
                )
            )
        records = _without_common(sorted(particulars, key=lambda one: one.customer))
        blocks = [name for name in _BLOCKS if _repeats(records, name)]
        if not blocks:
            return ()
        with duckdb.connect(":memory:") as connection:
            connection.execute("SET threads = 1")
            connection.execute("SET preserve_insertion_order = true")
            found = _predict(splink, connection, records, blocks, least_per_mille)
            return sorted(found, key=lambda one: (-one.per_mille, one.a, one.b))


def _splink() -> Any:
    try:
        return import_module("splink")
    except ImportError as error:
        raise DuplicatesError(
            say(
                "splink is not installed, so no duplicates are looked for; install it with {way}.",
                way="pip install 'sluicegate[linkage]'",
            )
        ) from error


def _repeats(records: Sequence[Particulars], name: str) -> bool:
    """Say whether any value of a part stands twice, so that it brings pairs together."""
    counts = Counter(getattr(one, name) for one in records)
    return any(count > 1 for value, count in counts.items() if value)


def _without_common(records: Sequence[Particulars]) -> list[Particulars]:
    """Leave out values that very many share."""
    common = {
        name: {
            value
            for value, count in Counter(getattr(one, name) for one in records).items()
            if count > MOST_SHARING
        }
        for name in _BLOCKS
    }
    return [
        replace(one, **{name: "" for name in _BLOCKS if getattr(one, name) in common[name]})
        for one in records
    ]


def _predict(
    splink: Any,
    connection: duckdb.DuckDBPyConnection,
    records: Sequence[Particulars],
    blocks: Sequence[str],
    least_per_mille: int,
) -> Iterator[Suggestion]:
    api = import_module("splink.internals.duckdb.database_api").DuckDBAPI(connection=connection)
    columns = ", ".join(f"{name} VARCHAR" for name in ("unique_id", *_PARTS))
    connection.execute(f"CREATE TABLE particulars ({columns})")
    _fill(connection, records)
    table = api.register("particulars")
    getLogger("splink").setLevel(ERROR)
    settings = _settings(splink, blocks, _prior(records))
    linker = splink.Linker(table, settings, log_level=ERROR)
    _train(splink, linker, blocks)
    least = least_per_mille / _PER_MILLE
    for row in linker.inference.predict(threshold_match_probability=least).as_record_list():
        yield _suggestion(row)


def _fill(connection: duckdb.DuckDBPyConnection, records: Sequence[Particulars]) -> None:
    columns: list[list[str | None]] = [[one.customer for one in records]]
    columns += [[getattr(one, name) or None for one in records] for name in _PARTS]
    places = ", ".join(
        f"unnest(CAST(${place} AS VARCHAR[]))" for place in range(1, len(columns) + 1)
    )
    connection.execute(f"INSERT INTO particulars SELECT {places}", columns)


def _prior(records: Sequence[Particulars]) -> float:
    """Return the chance that two records drawn at random are one party; never 0, never 1.

    Sure pairs (one name and country, or one address and telephone) are counted,
    and taken for the share `_RECALL` of all true pairs; where there is none, one
    is supposed, as a chance of 0 has no logarithm.
    """
    sure: set[tuple[str, str]] = set()
    for parts in _SURE:
        alike: dict[tuple[str, ...], list[str]] = {}
        for one in records:
            values = tuple(getattr(one, name) for name in parts)
            if all(values):
                alike.setdefault(values, []).append(one.customer)
        for customers in alike.values():
            sure.update(combinations(customers, 2))
    every = len(records) * (len(records) - 1) / 2
    return min(max(len(sure), 1) / _RECALL / every, _MOST_PRIOR)


def _settings(splink: Any, blocks: Sequence[str], prior: float) -> Any:
    compare = import_module("splink.comparison_library")
    exact = [compare.ExactMatch(name) for name in _PARTS if name != "name"]
    return splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.JaroWinklerAtThresholds("name", list(_SIMILAR_NAME)), *exact],
        blocking_rules_to_generate_predictions=[splink.block_on(name) for name in blocks],
        linker_uid="sluicegate",
        probability_two_random_records_match=prior,
    )


def _train(splink: Any, linker: Any, blocks: Sequence[str]) -> None:
    """Learn the chances from the batch; a rule that brings too few pairs teaches nothing."""
    errors = import_module("splink.internals.exceptions")
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS, seed=SEED)
    for name in blocks:
        try:
            training.estimate_parameters_using_expectation_maximisation(splink.block_on(name))
        except errors.EMTrainingException:
            getLogger(__name__).info("duplicates: %s brings too few pairs to learn from", name)


def _suggestion(row: Mapping[str, Any]) -> Suggestion:
    a, b = sorted((row["unique_id_l"], row["unique_id_r"]))
    agreeing = tuple(name for name in _PARTS if (row.get(f"gamma_{name}") or 0) > 0)
    return Suggestion(a, b, int(row["match_probability"] * _PER_MILLE), agreeing)
