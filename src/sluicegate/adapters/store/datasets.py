"""Snapshots of data sets about models, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

from sqlalchemy import insert

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.core.quantities import Exact, whole
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.registry.columns import figure_text
from sluicegate.services.ports.datasets import KeptSnapshot

_CHUNK = 2_000
_COLUMNS = ("snapshot_id", "name", "known_on", "digest", "source", "file")
_COUNTS = ("rows", "models", "left_out", "problems", "replaces")
_FIGURES = ("compute", "low", "high", "cost_usd")
_AS_THEY_ARE = ("name", "is_open", "confidence", "is_notable", "base_model", "is_frontier", "line")
_LISTS = ("developers", "countries")


class Datasets:
    """Implements `services.ports.datasets.DatasetStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, kept: KeptSnapshot, snapshot: Snapshot) -> None:
        """Keep a snapshot with its models."""
        stamp = {**self._unit.stamp(self._unit.instant(kept.at)), "recorded_by": kept.by}
        row = {name: getattr(kept, name) for name in (*_COLUMNS, *_COUNTS)}
        own = {**stamp, "snapshot_id": kept.snapshot_id}
        rows = [
            {**own, "place": place, "document": canonical_bytes(_document(one)).decode()}
            for place, one in enumerate(snapshot.models)
        ]
        with self._unit.writing() as connection:
            connection.execute(insert(table("dataset_snapshots")), [{**stamp, **row}])
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(table("dataset_models")), rows[start : start + _CHUNK])

    def snapshots(
        self, name: str | None = None, *, known_on: datetime | None = None
    ) -> Sequence[KeptSnapshot]:
        """Return what is kept, of one data set or of all, in the order it was taken in."""
        rows = table("dataset_snapshots")
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if name is not None:
            query = query.where(rows.c.name == name)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            return tuple(map(_kept, connection.execute(query).all()))

    def load(self, snapshot_id: str) -> Snapshot | None:
        """Return a snapshot with its models, or None."""
        rows, models = table("dataset_snapshots"), table("dataset_models")
        query = self._unit.rows(rows).where(rows.c.snapshot_id == snapshot_id)
        inside = self._unit.rows(models, models.c.document)
        inside = inside.where(models.c.snapshot_id == snapshot_id).order_by(models.c.place)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            documents = connection.execute(inside).scalars()
            found = tuple(_model(load_json(text)) for text in documents)
        return Snapshot(row.name, row.known_on, found, row.digest, row.source)


def _kept(row: Any) -> KeptSnapshot:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    return KeptSnapshot(
        **{name: getattr(row, name) for name in (*_COLUMNS, *_COUNTS)},
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
    )


def _document(model: RecordedModel) -> Mapping[str, Any]:
    """Return what a model says, without what it does not say; figures as text."""
    said: dict[str, Any] = {name: getattr(model, name) for name in _AS_THEY_ARE}
    said |= {name: list(getattr(model, name)) for name in _LISTS}
    for name in _FIGURES:
        value: Exact | None = getattr(model, name)
        said[name] = None if value is None else figure_text(value)
    said["published"] = None if model.published is None else model.published.isoformat()
    return {name: value for name, value in said.items() if value not in (None, [])}


def _model(said: Mapping[str, Any]) -> RecordedModel:
    values: dict[str, Any] = {name: said[name] for name in _AS_THEY_ARE if name in said}
    values |= {name: tuple(said.get(name, ())) for name in _LISTS}
    values |= {name: _figure(said[name]) for name in _FIGURES if name in said}
    if "published" in said:
        values["published"] = date.fromisoformat(said["published"])
    return RecordedModel(**values)


def _figure(text: str) -> Exact:
    return whole(Fraction(text))
